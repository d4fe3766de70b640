import { createPesaflow, paymentStatus, requestToken } from '@lango/pesaflow'
import { pesaflowCredentials } from '../../accounts/account.ts'
import type { Account } from '../../accounts/account.ts'
import type { Context } from '../../context.ts'
import type { Examined } from '../examined.ts'
import { baseUrlOf } from './client.ts'

const what = { pair: 'Key and secret', number: 'Client number and key' }

/**
 * Finds out whether Pesaflow knows the key, the secret and the client number: by an access token of its own, and a question about a
 * bill that never was. Whether the service number is right shows with the first bill.
 */
export async function examineCredentials(context: Context, account: Account): Promise<Examined[]> {
  const { api_key, secret } = pesaflowCredentials(account)
  const pesaflow = createPesaflow({
    baseUrl: baseUrlOf(context.config, account),
    apiClientId: account.shortcode,
    apiKey: api_key,
    secret,
    fetch: context.fetch,
    now: () => context.clock.now(),
  })
  const [token, answer] = await Promise.all([requestToken(pesaflow), paymentStatus(pesaflow, 'NO-SUCH-BILL')])
  const isWrong = answer.kind === 'none' && answer.reason === 'refused'
  const isSilent = answer.kind === 'none' && answer.reason === 'unknown'
  return [
    token.kind === 'accepted'
      ? { what: what.pair, outcome: 'right', message: 'Pesaflow gave an access token for them.' }
      : token.kind === 'refused' && token.status !== undefined
        ? { what: what.pair, outcome: 'wrong', message: 'Pesaflow gives no access token for them.' }
        : { what: what.pair, outcome: 'unknown', message: 'Pesaflow did not answer.' },
    isWrong
      ? { what: what.number, outcome: 'wrong', message: `Pesaflow says: ${answer.message}` }
      : isSilent
        ? { what: what.number, outcome: 'unknown', message: 'Pesaflow did not answer.' }
        : { what: what.number, outcome: 'right', message: 'Pesaflow took a question that the key signs.' },
  ]
}
