import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openPost } from '../../testing/post.ts'
import { signInAs } from '../../testing/signed-in.ts'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { sql } from '../database/sql.ts'

async function paidWithMail(told: Story, over: Record<string, unknown> = {}) {
  const customer = { name: 'Amina', email: 'amina@example.com' }
  await told.pay({ phone: '0708374149', account_reference: `M-${++orders}`, customer, ...over })
  await told.simulator.settled()
  await told.sweep('issue')
  assert.equal(await told.sweep('payers'), 1)
}

let orders = 0
const states = ({ context }: Story) =>
  context.database.query<{ status: string; attempts: number; last_error: string | null }>(
    sql`select status, attempts, last_error from mails order by id`,
  )

test('a payer is told by mail that the payment is complete, once, tried again until the server takes it', () =>
  story({}, async (told) => {
    const post = await openPost()
    try {
      told.context.config.smtpUrl = post.url.replace('siri', 'wrong')
      await told.call('PATCH', '/v1/merchant', { name: 'Duka "La" <b>Mfano</b>', email: 'duka@duka.example' })
      await paidWithMail(told, { description: '<img src=x>\nBcc: thief@example.com' })
      assert.equal(await told.sweep('mail'), 1)
      const [first] = await states(told)
      assert.deepEqual([first?.status, first?.attempts], ['waiting', 1])
      assert.doesNotMatch(first!.last_error!, /wrong|lango:/)
      told.context.config.smtpUrl = post.url
      post.refuse = 451
      await told.advance('1 minute')
      await told.sweep('mail')
      post.refuse = undefined
      assert.equal(await told.sweep('mail'), 0)
      await told.advance('5 minutes')
      await told.sweep('mail')
      await told.advance('3 days')
      assert.equal(await told.sweep('mail'), 0)
      assert.deepEqual(
        (await states(told)).map(({ status }) => status),
        ['sent'],
      )
      const [letter, ...more] = post.letters
      assert.equal(more.length, 0)
      const [head] = letter!.split('\r\n\r\n')
      assert.match(head!, /^Subject: Payment Complete$/m)
      assert.match(head!, /^To: amina@example\.com$/m)
      assert.match(head!, /^Reply-To: duka@duka\.example$/m)
      assert.doesNotMatch(head!, /^Bcc/m)
      const body = letter!.replace(/=\r\n/g, '').replace(/=3D/g, '=')
      assert.match(body, /KSh 100[^]*2026-000001[^]*\/receipts\/rct_/)
      assert.doesNotMatch(body.slice(body.indexOf('text/html')), /<img src|<b>Mfano/)

      // What the server refuses for good is not tried again.
      post.refuse = 550
      await paidWithMail(told)
      await told.sweep('mail')
      assert.equal((await states(told)).at(-1)?.status, 'failed')
    } finally {
      post.close()
    }
  }))

test('without an SMTP server mail is kept, and only an owner reads it', () =>
  story({}, async (told) => {
    await paidWithMail(told)
    await told.sweep('mail')
    assert.deepEqual(
      (await states(told)).map(({ status }) => status),
      ['kept'],
    )
    const owner = await signInAs(told, { role: 'owner' })
    const viewer = await signInAs(told, { role: 'viewer' })
    const seen = await owner.get('/outbox')
    assert.match(seen.text, /Payment Complete[^]*amina@example\.com[^]*Kept here/)
    assert.notEqual((await viewer.get('/outbox')).status, 200)
  }))
