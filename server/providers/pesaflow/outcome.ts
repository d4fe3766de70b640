import type { Refused as PesaflowRefused, Unknown as PesaflowUnknown } from '@lango/pesaflow'
import { hideSecrets } from '../../hide-secrets.ts'
import type { Refused, Unknown } from '../outcome.ts'

/**
 * A refusal, or not knowing, in Lango's shape. A bill that could not be brought is not refused: it is brought again. Nor is one that
 * is paid already: its reference is that of one payment alone, so that its money is this payment's.
 */
export function notAccepted(outcome: PesaflowRefused | PesaflowUnknown): Refused | Unknown {
  if (outcome.kind === 'unknown') return { kind: 'unknown', message: unclear(outcome), raw: outcome.raw }
  const { code, message, status, raw } = outcome
  const open = notRefused.get(code)
  if (open) return { kind: 'unknown', message: open, raw }
  if (code === 'refused_locally') {
    const words = `Nothing was sent to Pesaflow, which would refuse it: ${hideSecrets(message)}`
    return { kind: 'refused', by: 'lango', code: undefined, message: words, raw }
  }
  return { kind: 'refused', by: 'provider', code, message: refusals.get(code) ?? quote(code, message, status), raw }
}

function unclear({ cause, status }: PesaflowUnknown): string {
  if (cause === 'timeout') return 'Pesaflow did not answer in time. It is asked again.'
  if (cause === 'connection_lost') return 'The connection to Pesaflow broke before an answer came. It is asked again.'
  if (cause === 'server_error') return `Pesaflow answered with an error of its own, HTTP ${status}. It is asked again.`
  return 'Pesaflow gave an answer that does not say whether it took the bill. It is asked again.'
}

const notRefused = new Map(
  Object.entries<string>({
    not_sent: 'Pesaflow could not be reached, so nothing was sent. It is tried again.',
    token_unavailable: 'Pesaflow gave no access token, so nothing was sent. It is tried again.',
    already_paid: 'Pesaflow says that this bill is paid. Its status is asked.',
  }),
)

const refusals = new Map(
  Object.entries<string>({
    invalid_hash:
      'Pesaflow refused the hash: key and secret do not belong to this client number, or to this environment. Correct them at the account.',
    invalid_fields:
      'Pesaflow did not understand the bill. See that the service number belongs to the client number, and both to this environment.',
    not_granted: 'Pesaflow does not let this client make bills. Ask eCitizen for the grant.',
    token_refused: 'Pesaflow refused the key and secret. See that both belong together, and to this environment.',
  }),
)

const quotedLength = 200

function quote(code: string, message: string, status: number | undefined): string {
  if (code.startsWith('http_') && !message) return `Pesaflow refused the bill with HTTP ${status}, and gave no reason.`
  return `Pesaflow refused the bill: "${hideSecrets(message).slice(0, quotedLength)}".`
}
