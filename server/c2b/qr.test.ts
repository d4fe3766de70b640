import assert from 'node:assert/strict'
import { test } from 'node:test'
import { story } from '../../testing/story.ts'

const asked = { amount: 1500, account_reference: 'INV-204' }
const png = [0x89, 0x50, 0x4e, 0x47]

test('M-Pesa draws a QR code that pays the short code, with the reference', () =>
  story({}, async ({ call, simulator }) => {
    const { status, body } = await call('POST', '/v1/mpesa/qr', asked)
    assert.equal(status, 200, JSON.stringify(body))
    const { image, ...about } = body.data
    assert.deepEqual(about, {
      shortcode: '174379',
      environment: 'simulator',
      amount: '1500.00',
      account_reference: 'INV-204',
      content_type: 'image/png',
    })
    assert.deepEqual([...Buffer.from(image, 'base64').subarray(0, 4)], png)
    const sent = simulator.log().find(({ api, direction }) => api === 'qrcode' && direction === 'in')!
    const { MerchantName, RefNo, Amount, TrxCode, CPI, Size } = sent.body as Record<string, unknown>
    assert.deepEqual(
      [MerchantName, RefNo, Amount, TrxCode, CPI, Size],
      ['Duka la Mfano', 'INV-204', 1500, 'PB', '174379', '300'],
    )
  }))

for (const [what, body, code] of [
  ['half a shilling', { ...asked, amount: '1.50' }, 'amount_not_whole'],
  ['too much', { ...asked, amount: 250_001 }, 'invalid_amount'],
  ['a reference that nobody can type', { ...asked, account_reference: 'A&B' }, 'invalid_reference'],
  ['a size of nothing', { ...asked, size: 10 }, 'invalid_request'],
] as const)
  test(`a QR code for ${what} is refused in a sentence`, () =>
    story({}, async ({ call }) => {
      const answer = await call('POST', '/v1/mpesa/qr', body)
      assert.deepEqual([answer.status, answer.body.error.code], [400, code])
    }))

test('a QR code that M-Pesa does not draw is said not to be one', () =>
  story({}, async ({ call, simulator }) => {
    simulator.faults.set({ rules: [{ api: 'qrcode', fault: 'html_503', probability: 1 }] })
    const { status, body } = await call('POST', '/v1/mpesa/qr', asked)
    assert.deepEqual([status, body.error.code], [503, 'provider_unavailable'])
  }))
