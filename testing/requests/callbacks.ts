import fc from 'fast-check'
import { readFixture } from '../../daraja/fixtures/fixture.ts'
import { createMpesa } from '../../server/providers/mpesa/mpesa.ts'
import type { TokenKind } from '../../server/token.ts'
import { strange, textOf } from './generate.ts'
import type { Generated } from './generate.ts'
import { mangled } from './mangle.ts'

/** What a provider may tell about: the token of its address, and the bodies that would be right there. */
export type Told = { token: string; bodies: unknown[] }

type Named = {
  kind: TokenKind
  /** The provider's ids of the request, where it has any. */
  ref?: string | null
  other?: string | null
  amount?: number
  receipt?: string
}

/** The bodies that Daraja would post about this: of success, of failure, and of a request that waited too long. */
export function bodiesAbout({ kind, ref, other, amount = 100, receipt = 'UKK7X2M4QA' }: Named): unknown[] {
  const named = (name: string) =>
    JSON.parse(
      readFixture(name)
        .replace(/("CheckoutRequestID": )"[^"]*"/, `$1${JSON.stringify(ref ?? 'ws_CO_1')}`)
        .replace(/("MerchantRequestID": )"[^"]*"/, `$1${JSON.stringify(other ?? '1-1-1')}`)
        .replace(/("ConversationID": )"[^"]*"/, `$1${JSON.stringify(other ?? 'AG_1')}`)
        .replace(/("OriginatorConversationID": )"[^"]*"/, `$1${JSON.stringify(ref ?? '1-1-1')}`)
        .replace(/("Name": "Amount", "Value": )[\d.]+/, `$1${amount}`)
        .replace(/("TransAmount": )"[^"]*"/, `$1"${amount}.00"`)
        .replace(/("Name": "MpesaReceiptNumber", "Value": )"[^"]*"/, `$1"${receipt}"`)
        .replace(/("(?:TransID|TransactionID)": )"[^"]*"/, `$1"${receipt}"`)
        .replace(/("BusinessShortCode": )"[^"]*"/, '$1"174379"'),
    ) as unknown
  return fixtures[kind].map(named)
}

const fixtures: Record<TokenKind, string[]> = {
  payment: [
    'stk-callback.success.json',
    'stk-callback.success.json',
    'stk-callback.cancelled.json',
    'stk-callback.no-response.json',
  ],
  refund: [
    'reversal.result.success.json',
    'reversal.result.already-reversed.json',
    'reversal.result.invalid-transaction.json',
  ],
  payout: [
    'b2c.result.success.json',
    'b2c.result.insufficient-funds.json',
    'b2b.result.success.json',
    'b2b.result.failure.json',
  ],
  c2b: ['c2b-confirmation.json', 'c2b-confirmation.till.json', 'c2b-confirmation.v1.json', 'c2b-validation.json'],
  pull: ['pull-query.accepted.json', 'pull-query.empty.json'],
  status: [
    'transaction-status.result.success.json',
    'transaction-status.result.credit-party.json',
    'transaction-status.result.failure.json',
  ],
  balance: ['account-balance.result.success.json'],
}

const channels = ['', '', '', '/validation', '/confirmation', '/timeout', '/pull', '/result', '/']
const paths = createMpesa().callbacks.paths

/** What arrives where providers tell us: at the address of something, at that of something else, or at none. */
export function callbackAbout(told: Told[]): fc.Arbitrary<Generated> {
  const about = fc.constantFrom(...told)
  const bodies = fc.oneof(
    { weight: 6, arbitrary: about.chain(({ bodies }) => fc.constantFrom(...bodies)) },
    { weight: 1, arbitrary: strange },
  )
  const right = about.chain(({ token, bodies }) => fc.tuple(fc.constant(token), fc.constantFrom(...bodies)))
  const any = fc.oneof(
    { weight: 4, arbitrary: right },
    fc.tuple(
      about.chain(({ token }) => brokenToken(token)),
      bodies,
    ),
  )
  return any.chain(([token, body]) =>
    fc
      .record({
        path: fc.oneof(
          { weight: 4, arbitrary: fc.constantFrom(...channels).map((channel) => `/v1/in/${token}${channel}`) },
          fc.constantFrom(...paths).map((path) => path.replace(':token?', token)),
        ),
        body: mangled(body).chain(textOf).chain(bytesOf),
        headers: headersOf,
      })
      .map((request) => ({ method: 'POST', ...request })),
  )
}

function brokenToken(token: string): fc.Arbitrary<string> {
  return fc.oneof(
    fc.nat(token.length - 1).map((at) => token.slice(0, at) + (token[at] === '0' ? '1' : '0') + token.slice(at + 1)),
    fc.nat(token.length).map((length) => token.slice(0, length)),
    fc.constantFrom('', token.toUpperCase(), token + token, `${token}%00`, `${token}?x=1`, '%2e%2e', 'f'.repeat(5_000)),
  )
}

/** Mostly UTF-8, as Safaricom sends it. */
function bytesOf(text: string): fc.Arbitrary<string | Uint8Array<ArrayBuffer>> {
  return fc.oneof(
    { weight: 15, arbitrary: fc.constant(text) },
    fc
      .constantFrom('latin1' as const, 'utf16le' as const)
      .map((encoding) => Uint8Array.from(Buffer.from(text, encoding))),
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Uint8Array.from(bytes)),
  )
}

const headersOf: fc.Arbitrary<Record<string, string>> = fc.record(
  {
    'Content-Type': fc.constantFrom('application/json', 'application/json', 'text/plain', 'text/xml', 'x'),
    'X-Forwarded-For': fc.constantFrom(
      '196.201.214.200',
      '1.2.3.4, 5.6.7.8',
      ':::',
      'x'.repeat(3_000),
      '::ffff:127.0.0.1',
    ),
    'X-Mpesa-Signature': fc.oneof(fc.base64String({ maxLength: 400 }), fc.constantFrom('', '=', 'sha256=abc')),
    BusinessShortCode: fc.constantFrom('174379', '0', 'x'.repeat(2_000)),
    'User-Agent': fc.constantFrom('Apache-HttpClient/4.5', 'ÿþ', ''),
  },
  { requiredKeys: [] },
)
