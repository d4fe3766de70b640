import { createDaraja, stkQuery } from '@lango/daraja'
import { mpesaCredentials } from '../../accounts/account.ts'
import type { Account } from '../../accounts/account.ts'
import type { Context } from '../../context.ts'
import type { Examined } from '../examined.ts'

const app = 'Consumer key and secret'
const passkey = 'Short code and passkey'

/**
 * Finds out whether M-Pesa knows an app and its passkey: by an access token of its own, and a question about a prompt that never
 * was. No money moves, and no phone rings.
 */
export async function examineCredentials(context: Context, account: Account): Promise<Examined[]> {
  const { environment, shortcode } = account
  const credentials = mpesaCredentials(account)
  const daraja = createDaraja({
    baseUrl: context.config.darajaUrls[environment],
    consumerKey: credentials.consumer_key,
    consumerSecret: credentials.consumer_secret,
    fetch: context.fetch,
    now: () => context.clock.now(),
  })
  const checkoutRequestId = `ws_CO_01012020000000000${shortcode}`
  const answer = await stkQuery(daraja, { shortcode, passkey: credentials.passkey, checkoutRequestId })
  const [code, said] = answer.kind === 'none' ? [answer.code, answer.message] : ['', answer.resultDescription]

  if (code === 'token_refused')
    return [{ what: app, outcome: 'wrong', message: 'M-Pesa gives no access token for them.' }]
  // That such a prompt is not there is told as a failure of theirs; what matters is that it is told.
  if (code === 'token_unavailable' || !/"(errorCode|ResponseCode)"/.test(answer.raw ?? ''))
    return [{ what: app, outcome: 'unknown', message: `M-Pesa did not answer: ${said}` }]
  return [
    { what: app, outcome: 'right', message: 'M-Pesa gave an access token for them.' },
    // Source: a wrong password, a wrong short code and a prompt that is not there have one code, and differ in their words.
    /wrong credentials|merchant does not exist/i.test(said)
      ? { what: passkey, outcome: 'wrong', message: `M-Pesa says: ${said}` }
      : { what: passkey, outcome: 'right', message: 'M-Pesa took a question that they sign.' },
  ]
}
