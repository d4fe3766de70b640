import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { textOf } from '../../testing/payer.ts'
import { enable, wanjiku } from '../../testing/payouts.ts'
import { signInAs, storyPassword } from '../../testing/signed-in.ts'
import type { Person } from '../../testing/signed-in.ts'
import { tell } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { settleReturns } from '../payouts/returns.ts'

let told: Story
let owner: Person
let finance: Person

before(async () => {
  told = await tell()
  owner = await signInAs(told, { role: 'owner', name: 'Amina' })
  finance = await signInAs(told, { role: 'finance', name: 'Otieno' })
})

after(() => told.end())

const read = async (person: Person, path: string) => textOf((await person.get(path)).text)

test('a batch of payouts is looked at line by line, asked for once, and approved by somebody else', async () => {
  const csv = `phone,amount,remarks\n0712345678,1500,Wages\n0722000000,2200,Wages\n`
  await finance.get('/payouts/batches/new')
  const off = textOf((await finance.send('/payouts/batches/preview', { csv })).text)
  assert.match(off, /Payouts are off until an owner enables them/)
  assert.doesNotMatch(off, /mer_|lango payouts/, 'a person is told nothing of commands')
  for (const path of ['/payouts/new', '/payouts/batches/new'])
    assert.match(await read(finance, path), /Nothing can be sent yet/, path)
  await enable(told)
  const broken = await finance.send('/payouts/batches/preview', { csv: `${csv}12345,9,Wages\n` })
  assert.match(
    textOf(broken.text),
    /1 line cannot be sent.*4 "phone"|1 line cannot be sent.*4.*Not a Kenyan mobile number/,
  )
  const seen = await finance.send('/payouts/batches/preview', { csv, name: 'Wages of November' })
  assert.match(textOf(seen.text), /2 payouts, KSh 3,700 in all.*Nothing is sent yet/)
  assert.equal((await told.call('GET', '/v1/payouts')).body.data.length, 0)
  const unsure = await finance.send('/payouts/batches', { csv, name: 'Wages of November' })
  assert.match(unsure.text, /id="password-again-wrong"[^>]*>Type your password again/)
  const sure = { csv, name: 'Wages of November', password_again: storyPassword }
  const made = await finance.send('/payouts/batches', sure)
  assert.equal(made.status, 303, textOf(made.text))
  assert.match(made.to!, /^\/payouts\/batches\/bat_[0-9a-f]{32}\?done=waits$/)
  const again = await finance.send('/payouts/batches', sure)
  assert.equal(again.to, made.to)
  assert.equal((await told.call('GET', '/v1/payouts/batches')).body.data.length, 1)

  assert.match(await read(owner, '/payments'), /Payouts 1 Reconcile/, 'it waits for others, as one')
  assert.match(await read(finance, '/payments'), /Payouts Reconcile/)
  const path = made.to!.replace(/\?.*/, '')
  assert.match(await read(finance, path), /Somebody else must approve this/)
  const own = await finance.send(`${path}/approve`, { password_again: storyPassword })
  assert.equal(own.status, 403)
  assert.match(textOf(own.text), /You asked for this. Another of you must approve it/)
  assert.match(await read(owner, path), /asked for by Otieno.*Approve and send/)
  const guess = await owner.send(`${path}/approve`, { password_again: 'a guess of mine' })
  assert.match(guess.text, /id="password-again-wrong"[^>]*>This is not your password/)
  assert.equal((await owner.send(`${path}/approve`, { password_again: storyPassword })).to, `${path}?done=approved`)
  const late = await owner.send(`${path}/reject`, { reason: 'No' })
  assert.equal(late.status, 409)
  while (await told.sweep('payouts to send')) await told.simulator.settled()
  assert.match(await read(owner, path), /approved by Amina.*2 arrived/)
  const { text } = await owner.get('/payouts.csv')
  assert.equal(text.trim().split('\r\n').length, 3)
  assert.match(text, /,Arrived,1500\.00,,/)
})

test('one payout that waits is rejected with a reason', async () => {
  await enable(told, { above: 1000 })
  const { body } = await told.call('POST', '/v1/payouts', { kind: 'b2c', phone: wanjiku, amount: 5000 })
  const path = `/payouts/${body.data.id}`
  assert.match(await read(owner, path), /It waits for a second person/)
  assert.equal((await owner.send(`${path}/reject`, { reason: 'Not owed.' })).to, `${path}?done=rejected`)
  assert.match(await read(owner, path), /Rejected.*Not owed\./)
  assert.match(await read(owner, path), /Payouts Reconcile/, 'nothing waits any more')
})

test('one payout is asked for by a form, says at the field what is wrong, and waits for somebody else whatever its amount', async () => {
  await enable(told)
  // The password that was typed before counts no longer.
  await told.advance('11 minutes')
  await finance.get('/payouts/new')
  const wrong = await finance.send('/payouts', { kind: 'paybill', shortcode: '12', amount: 'much', remarks: 'Rent' })
  assert.equal(wrong.status, 400)
  assert.match(wrong.text, /id="shortcode-wrong"[^>]*>A short code has 5 to 7 digits/)
  assert.match(wrong.text, /id="amount-wrong"[^>]*>An amount is a number of shillings/)
  assert.match(wrong.text, /name="remarks"[^>]*value="Rent"/)
  const wages = { kind: 'b2c', phone: '0711 000 099', amount: '1,200', remarks: 'Wages' }
  assert.match((await finance.send('/payouts', wages)).text, /id="password-again-wrong"[^>]*>Type your password again/)
  const sure = { ...wages, password_again: storyPassword }
  const made = await finance.send('/payouts', sure)
  assert.match(made.to ?? textOf(made.text), /^\/payouts\/pot_[0-9a-f]{32}\?done=payout_waits$/)
  assert.equal((await finance.send('/payouts', sure)).to, made.to)
  const path = made.to!.replace(/\?.*/, '')
  assert.match(await read(finance, path), /1,200\.00 To approve.*Somebody else must approve this/)
  assert.equal((await finance.send(`${path}/approve`, { password_again: storyPassword })).status, 403)
  await owner.get(path)
  assert.equal((await owner.send(`${path}/approve`, { password_again: storyPassword })).to, `${path}?done=approved`)
  await told.simulator.settled()
  assert.match(await read(owner, path), /1,200\.00 Arrived/)
})

test('a statement is looked at before anything is done, and compared when one says so', async () => {
  told.simulator.faults.set({ rules: [{ api: '*', fault: 'drop_callback', probability: 1 }] })
  const { id } = await told.pay({ amount: 730, phone: '0700555019', account_reference: 'UNHEARD' })
  told.simulator.phones.get('0700555019').approve()
  await told.simulator.settled()
  const statement = await (await told.simulator.fetch(new Request('http://daraja.test/_/statement.csv'))).text()
  const none = await finance.sendFile('/reconciliation/preview', { file: new File([], 'none.csv') })
  assert.match(none.text, /id="statement-wrong"[^>]*>Choose the file/)
  assert.match(
    textOf((await finance.sendFile('/reconciliation/preview', { file: new File(['hello'], 'a.csv') })).text),
    /Load a statement.*(statement|list|column)/,
  )
  const seen = await finance.sendFile('/reconciliation/preview', { file: new File([statement], 'november.csv') })
  assert.equal(seen.status, 200)
  assert.match(textOf(seen.text), /Nothing is done yet.*Was missing here 1 KSh 730\.00 in/)
  assert.equal((await told.payment(id)).status, 'pending')
  assert.equal((await told.call('GET', '/v1/reconciliation/runs')).body.data.length, 0)
  const run = await finance.send('/reconciliation/statements')
  assert.match(run.to!, /^\/reconciliation\/rec_[0-9a-f]{32}$/)
  for (let looks = 0; /Comparing/.test(await read(finance, run.to!)) && looks < 100; looks++)
    await told.simulator.settled()
  assert.equal((await told.payment(id)).status, 'completed')
  assert.match(await read(finance, run.to!), /A statement, compared by Otieno.*Was missing here 1/)
  assert.match((await finance.get(`${run.to}.csv?outcome=recovered`)).text, /,payment,730\.00,,,,730\.00,,recovered,/)
  assert.equal((await read(owner, '/reconciliation?from=x')).includes('a statement'), true)
})

test('a payout that came back says so on its page, in the list, in its file, and in its batch', async () => {
  const { receipt, id } = await arrivedOfBatch()
  const shown = { amount_cents: 150_000, at: told.clock.now(), source: 'statement', raw: Buffer.from('x') } as const
  const name = { merchant_id: told.merchant.id, provider: 'mpesa', environment: 'simulator', receipt } as const
  await settleReturns(told.context, [{ ...name, ...shown, return_receipt: 'UKK0000RRR' }])
  const page = await read(owner, `/payouts/${id}`)
  assert.match(page, /Came back.*Pay again if it is still owed.*Arrived.*Came back, as M-Pesa’s records say/)
  assert.match(await read(owner, '/payouts?status=returned'), /Time 1,500\.00 .*Came back/)
  assert.match((await owner.get('/payouts.csv')).text, new RegExp(`${receipt},Came back,1500\\.00,`))
  const [batch] = (await told.call('GET', '/v1/payouts/batches')).body.data
  assert.deepEqual([batch.payouts.completed.count, batch.payouts.returned.count, batch.status], [1, 1, 'finished'])
  assert.match(
    await read(owner, `/payouts/batches/${batch.id}`),
    /1 arrived, 0 on their way, 0 did not go, 1 came back/,
  )
})

/** The payout of 1,500 shillings that the batch sent. */
async function arrivedOfBatch(): Promise<{ id: string; receipt: string }> {
  const { body } = await told.call('GET', '/v1/payouts?status=completed')
  const { id, provider_receipt } = body.data.find(({ amount }: any) => amount === '1500.00')
  return { id, receipt: provider_receipt }
}
