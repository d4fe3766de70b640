import assert from 'node:assert/strict'
import { test } from 'node:test'
import { county } from '../../testing/county.ts'
import { payer } from '../../testing/payer.ts'

const home = '/api/v1/payments/callback'

test('who comes back from eCitizen is led to what became of the payment, and the way back settles nothing', () =>
  county({}, async (told) => {
    const amina = payer(told)
    const made = await told.bill({ return_url: 'https://county.example/case/7' })
    const [bill] = told.bills()
    const back = new URL(bill!.return_urls.success)
    const page = `/pay/${made.id}`
    const { status, to } = await amina.open(back.pathname + back.search)
    assert.deepEqual([status, to], [303, page])
    assert.equal((await told.payment(made.id)).status, 'pending')
    const { text } = await amina.open(page, { 'Accept-Language': 'en' })
    assert.match(text, /Looking for your payment.*fee.*5.*105.*Open the payment page/)
    assert.doesNotMatch(text, /M-PESA menu|I have paid/)

    await told.payAtPaybill(60, made.provider_ref)
    await told.advance('1 s')
    await told.sweep('checks')
    assert.match((await amina.open(page)).text, /A part of it has come.*60.*45/)
    await told.payAtPaybill(45, made.provider_ref)
    await told.advance('30 s')
    await amina.open(back.pathname + back.search)
    await told.sweep('checks')
    assert.match((await amina.open(page)).text, /Paid.*UKK\w{7}.*fee/)
    assert.deepEqual((await amina.open(`${home}/success?payment=pay_${'0'.repeat(32)}`)).status, 404)
  }))

test('the provider’s own number shows how a payment goes, and nothing else', () =>
  county({}, async (told) => {
    const amina = payer(told)
    const { id, provider_ref } = await told.bill()
    const seen = async (way: string) => (await amina.open(`${home}/${way}`)).text.trim()
    assert.match(await seen(`failure?invoiceNumber=${provider_ref}&reason=left`), /^ ?Looking for your payment/)
    await told.sweep('checks')
    assert.match(await seen(`ecitizen-pesaflow?invoice_ref=${provider_ref}&status=success`), /Not paid yet/)
    await told.payAtPaybill(60, provider_ref)
    await told.advance('30 s')
    await told.sweep('checks')
    assert.match(await seen(`timeout?invoiceNumber=${provider_ref}`), /Paid in part/)
    await told.payAtPaybill(45, provider_ref)
    await told.advance('30 s')
    const posted = await amina.send(`${home}/success`, { invoiceNumber: provider_ref })
    assert.equal(posted.status, 200)
    await told.sweep('checks')
    const paid = await seen(`success?invoiceNumber=${provider_ref}`)
    assert.match(paid, /Paid\. Asante!/)
    assert.doesNotMatch(paid, /105|Duka|Jane/)
    assert.equal((await told.payment(id)).status, 'completed')
    assert.equal((await amina.open(`${home}/success?invoiceNumber=ZZZZZZ`)).status, 404)
    assert.equal((await amina.open(`${home}/success`)).status, 400)
  }))

test('a merchant’s program has a bill asked about, by either of its numbers, and again without harm', () =>
  county({}, async (told) => {
    const path = '/api/v1/payments/webhook/ecitizen-pesaflow'
    const key = { 'X-API-Key': told.merchant.key }
    const ask = async (body: unknown, headers: Record<string, string> = key) => {
      const response = await told.post(path, body, headers)
      const answer: any = await response.json()
      return [response.status, answer.data?.id ?? answer.error?.code ?? answer.message, answer.data?.check?.outcome]
    }
    const { id, provider_ref } = await told.bill({ account_reference: 'FINE-7' })
    await told.bill({ account_reference: 'FINE-7' })
    const reference = told.bills()[0]!.reference
    told.simulator.faults.set({ rules: [{ api: 'pesaflow_ipn', fault: 'drop_callback', probability: 1 }] })
    await told.payAtPaybill(105, provider_ref)
    assert.deepEqual(await ask({ client_invoice_ref: reference }), [200, id, 'completed'])
    assert.deepEqual(await ask({ invoice_number: provider_ref }), [200, id, 'asked_before'])
    assert.deepEqual(await ask({ invoice_number: 'ZZZZZZ' }), [404, 'not_found', undefined])
    assert.deepEqual(await ask({}), [400, 'invalid_request', undefined])
    // The second is what a program sends whose setting is missing.
    for (const wrong of ['sk_test_wrong', ''])
      assert.deepEqual(
        await ask({ invoice_number: provider_ref }, { 'X-API-Key': wrong }),
        [401, 'unauthorized', undefined],
        wrong,
      )
    // Without a key it is a notification that anybody may have posted.
    const stray = { invoice_number: provider_ref, status: 'settled', amount_paid: '105' }
    assert.deepEqual(await ask(stray, {}), [200, 'Received', undefined])
  }))
