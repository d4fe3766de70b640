import assert from 'node:assert/strict'
import { test } from 'node:test'
import { barriers, lookAt, pagesOf, papers, screens } from '../../testing/pages.ts'
import type { Pages } from '../../testing/pages.ts'
import { scene } from '../../testing/scene.ts'
import { signInAs, storyPassword } from '../../testing/signed-in.ts'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { mpesaCredentials } from '../accounts/account.ts'
import { defaultAccount } from '../accounts/named.ts'
import { ownerLink } from '../people/printed-link.ts'
import { deliverDue } from '../webhooks/deliver.ts'

const password = 'chai ya asubuhi na mapema'

async function inBrowser(told: Story, plot: (pages: Pages) => Promise<void>): Promise<void> {
  const pages = await pagesOf(told.context)
  try {
    await plot(pages)
  } finally {
    await pages.close()
  }
}

for (const [where, options] of screens)
  test(`the first owner comes by the printed link, and invites a viewer who cannot refund, ${where}`, () =>
    scene((told) =>
      inBrowser(told, async (pages) => {
        const { id } = await told.paid()
        const { page, complaints } = await pages.visit(new URL(await ownerLink(told.context)).pathname, options)
        await page.getByLabel('Your name').fill('Amina')
        await page.getByLabel('E-mail').fill('amina@duka.example')
        await page.getByLabel('Password').fill(password)
        await page.getByLabel('The same again').fill('another one altogether')
        await page.getByRole('button', { name: 'Begin' }).click()
        await page.getByText('The two are not the same.').waitFor()
        assert.equal(await page.getByLabel('E-mail').inputValue(), 'amina@duka.example')
        await page.getByLabel('Password').fill(password)
        await page.getByLabel('The same again').fill(password)
        await page.getByRole('button', { name: 'Begin' }).click()
        await page.waitForURL(`${pages.address}/`)
        await page.goto(`${pages.address}/payments/${id}`)
        await page.getByRole('link', { name: 'Refund…' }).waitFor()

        await page.goto(`${pages.address}/team`)
        await page.getByLabel('Their e-mail').fill('baraka@duka.example')
        await page.getByLabel('Viewer').check()
        await page.getByLabel('Your password again').fill('a guess')
        await page.getByRole('button', { name: 'Make the link' }).click()
        await page.getByText('This is not your password.').waitFor()
        assert.equal(await page.getByLabel('Their e-mail').inputValue(), 'baraka@duka.example')
        await page.getByLabel('Your password again').fill(password)
        await page.getByRole('button', { name: 'Make the link' }).dblclick()
        const link = await page.locator('.secret').textContent()
        assert.deepEqual(await barriers(page), [])
        assert.deepEqual(
          complaints.filter((line) => !/40[03]/.test(line)),
          [],
        )
        await page.context().close()

        const viewer = await pages.visit(new URL(link!).pathname, { ...options, javaScriptEnabled: false })
        await viewer.page.getByLabel('Your name').fill('Baraka')
        await viewer.page.getByLabel('Password').fill(password)
        await viewer.page.getByLabel('The same again').fill(password)
        await viewer.page.getByRole('button', { name: 'Begin' }).click()
        await viewer.page.goto(`${pages.address}/payments/${id}`)
        await viewer.page.getByRole('heading', { name: 'What we know, and how' }).waitFor()
        assert.equal(await viewer.page.getByText('Refund…').count(), 0)
        await viewer.page.goto(`${pages.address}/team`)
        await viewer.page.getByRole('heading', { name: 'This is not for your role' }).waitFor()
        await viewer.page.context().close()
        const { body } = await told.call('GET', '/v1/audit/logs?action=member.joined')
        assert.deepEqual(
          body.data.map(({ details }: any) => details.role),
          ['viewer', 'owner'],
        )
      }),
    ))

for (const [where, options] of screens)
  test(`what the shop did not take is sent again, and a payout is approved by a second person, ${where}`, () =>
    scene((told) =>
      inBrowser(told, async (pages) => {
        const endpoint = await told.subscribe()
        told.shop.answer(500)
        await told.paid()
        await deliverDue(told.context)
        told.shop.answer(200)
        const owner = await signInAs(told, { role: 'owner' })
        const { page, complaints } = await pages.visit(`/webhooks/${endpoint.id}`, { ...options, ...owner.browser })
        await page.getByRole('link', { name: 'payment.completed' }).click()
        await page.getByText('The endpoint answered 500').waitFor()
        await page.getByRole('button', { name: 'Send it again' }).click()
        await page.getByText('It is being sent again.').waitFor()
        await deliverDue(told.context)
        await page.reload()
        await page.getByText('Taken, with 200').waitFor()
        assert.deepEqual(complaints, [])
        assert.equal(told.shop.received.length, 2)

        const finance = await signInAs(told, { role: 'finance', name: 'Otieno' })
        await page.goto(`${pages.address}/settings`)
        await page.getByLabel('At most, in a day of Nairobi').fill('10,000')
        await page.getByLabel('Your password again').fill(storyPassword)
        await page.getByRole('button', { name: 'Let money be sent' }).click()
        await page.getByText('Kept. They hold from now on.').waitFor()
        const wages = { csv: 'phone,amount,remarks\n0712345678,1500,Wages\n', password_again: storyPassword }
        const asked = await finance.send('/payouts/batches', wages)
        const path = asked.to!.replace(/\?.*/, '')
        assert.equal((await finance.send(`${path}/approve`)).status, 403)
        await page.goto(pages.address + path)
        await page.getByText('It was asked for by Otieno.').waitFor()
        // The password was typed within the last ten minutes.
        await page.getByRole('button', { name: 'Approve and send' }).click()
        await page.getByText('Approved. It is on its way.').waitFor()
        assert.equal((await told.call('GET', '/v1/payouts')).body.data[0].status, 'pending')
        assert.deepEqual(complaints, [])
        await page.context().close()
      }),
    ))

for (const [where, options] of screens)
  test(`a live credential is corrected by an owner who types the password again, and tested, ${where}`, () =>
    story({ environment: 'live' }, (told) =>
      inBrowser(told, async (pages) => {
        const owner = await signInAs(told, { role: 'owner' })
        const developer = await signInAs(told, { role: 'developer' })
        const { page } = await pages.visit('/developers', { ...options, ...owner.browser })
        await page.getByRole('link', { name: '174379' }).click()
        const secret = page.getByLabel('Consumer secret')
        assert.equal(await secret.getAttribute('placeholder'), '****cret, stays')
        await secret.fill('a-secret-of-later')
        await page.getByLabel('Your password again').fill('a guess')
        await page.getByRole('button', { name: 'Keep this' }).click()
        await page.getByText('This is not your password.').waitFor()
        assert.equal(await secret.inputValue(), 'a-secret-of-later')
        await page.getByLabel('Your password again').fill(storyPassword)
        await page.getByRole('button', { name: 'Keep this' }).click()
        await page.getByText('Kept. Test it, to be sure.').waitFor()
        const account = await defaultAccount(told.context, told.merchant.id, 'mpesa')
        assert.equal(mpesaCredentials(account).consumer_secret, 'a-secret-of-later')
        await page.getByRole('button', { name: 'Test these credentials' }).click()
        await page.getByText('M-Pesa took a question that they sign.').waitFor()
        const path = new URL(page.url()).pathname.replace(/\/try$/, '')
        await page.context().close()

        const theirs = await developer.send(path, { consumer_secret: 'theirs', password_again: storyPassword })
        assert.equal(theirs.status, 403)
        assert.match(theirs.text, /changed by an owner/)
      }),
    ))

test('every page of real money fits a phone and a desk, by day and by night, bars nobody, and is marked as no game', () =>
  story({ environment: 'live' }, (told) =>
    inBrowser(told, async (pages) => {
      const owner = await signInAs(told, { role: 'owner' })
      const { id } = await told.pay({ amount: 1500 })
      const { body } = await told.call('GET', '/v1/merchant/accounts')
      for (const [name, path] of Object.entries({
        overview: '/',
        payment: `/payments/${id}`,
        counter: '/cashier',
        account: `/developers/accounts/${body.data[0].id}`,
        'new-account': '/developers/accounts/new',
        'new-key': '/developers/keys/new',
        settings: '/settings',
        'new-payout': '/payouts/new',
      }))
        await lookAt(pages, { path, name: `live-${name}`, at: papers, as: owner.browser }, async (page) => {
          assert.equal(await page.getByText('no real money').count(), name === 'new-key' ? 1 : 0)
        })
    }),
  ))
