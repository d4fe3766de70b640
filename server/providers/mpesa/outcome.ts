import type { Refused as DarajaRefused, Unknown as DarajaUnknown } from '@lango/daraja'
import { hideSecrets } from '../../hide-secrets.ts'
import type { Refused, Unknown } from '../outcome.ts'

/** A refusal, or not knowing, in Lango's shape, and in words for a merchant: what was wrong, and what to do. */
export function notAccepted(outcome: DarajaRefused | DarajaUnknown): Refused | Unknown {
  if (outcome.kind === 'unknown') return { kind: 'unknown', message: unclear(outcome), raw: outcome.raw }
  const { code, message, status, raw } = outcome
  const unsent = notSent.get(code)
  if (unsent) return { kind: 'refused', by: 'network', code: undefined, message: unsent, raw }
  if (code === 'refused_locally') {
    const words = `Nothing was sent to M-Pesa, which would refuse it: ${hideSecrets(message)}`
    return { kind: 'refused', by: 'lango', code: undefined, message: words, raw }
  }
  const known = refusals.find(([codes, words]) => codes.includes(code) && (!words || words.test(message)))?.[2]
  return { kind: 'refused', by: 'provider', code, message: known ?? quote(code, message, status), raw }
}

/** That nobody knows what became of a request, by what came back, if anything did. */
export function unclear({ cause, status }: Pick<DarajaUnknown, 'cause' | 'status'>): string {
  if (cause === 'timeout') return 'M-Pesa did not answer in time.'
  if (cause === 'connection_lost') return 'The connection to M-Pesa broke before an answer came.'
  if (cause === 'server_error') return `M-Pesa answered with an error of its own, HTTP ${status}.`
  return 'M-Pesa gave an answer that does not say whether it took the request.'
}

const notSent = new Map(
  Object.entries<string>({
    not_sent: 'M-Pesa could not be reached, so nothing was sent. Try again in a minute.',
    token_unavailable: 'M-Pesa gave no access token, so nothing was sent. Try again in a minute.',
  }),
)

const badKeys =
  'M-Pesa refused the consumer key and secret. Check that both belong to one app, and to this environment.'
const badToken =
  'M-Pesa refused the access token, a fresh one too: the app lacks this API, or its keys belong to another environment.'
const tooMany = 'M-Pesa takes no more requests from this app at the moment. Nothing was done: try again in a minute.'

/** What a merchant is told whose short code, till and type do not go together. */
export const misfits = {
  shortcode:
    'M-Pesa does not know the short code. A till is set up with its store number as shortcode, and the till number beside it.',
  type: 'M-Pesa does not take this kind of payment for the short code. A till is set up with its store number as shortcode; a paybill, as 174379 of the sandbox is, has type paybill and no till.',
}

/** What M-Pesa refuses with, and what it means: the codes, its words where one code has several meanings, and ours. */
const refusals: [codes: string[], words: RegExp | undefined, message: string][] = [
  [['token_refused', '400.008.01', '400.008.02'], undefined, badKeys],
  [['404.001.03', '400.003.01', '401', '401.001', '401.002.01', '401.003.01'], undefined, badToken],
  [['500.003.02', '500.003.03'], undefined, tooMany],
  [['500.001.1001'], /merchant does not exist/i, misfits.shortcode],
  [['400.002.02'], /invalid transactiontype/i, misfits.type],
  [
    ['500.001.1001'],
    /wrong credentials/i,
    'M-Pesa refused the passkey: it belongs to another short code, or to another environment.',
  ],
  [['500.001.1001'], /lock subscriber/i, 'Another request is open on this phone. Try again in a minute.'],
  [['500.002.1001'], /duplicate originator/i, 'M-Pesa had this request before.'],
  [['400.001'], /shortcode/i, 'M-Pesa knows this short code as none that went live.'],
  [
    ['500.003.1001'],
    /duplicate notification/i,
    'Somebody else, such as an aggregator, has registered addresses for this short code. Ask them, or apisupport@safaricom.co.ke, to remove them.',
  ],
]

const quotedLength = 200

/** A refusal that nobody has explained yet: M-Pesa's own words, as such. */
function quote(code: string, message: string, status: number | undefined): string {
  if (code.startsWith('http_')) return `M-Pesa refused the request with HTTP ${status}, and gave no reason.`
  return `M-Pesa refused the request: "${hideSecrets(message).slice(0, quotedLength)}".`
}
