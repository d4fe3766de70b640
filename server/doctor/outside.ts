import { callbackBase } from '../callback-base.ts'
import type { Context } from '../context.ts'
import { darajaOf } from '../providers/mpesa/daraja.ts'
import { findingOf } from './finding.ts'
import type { Concerned, InUse } from './concerned.ts'
import type { Finding, Seen } from './finding.ts'
import { seeCertificate } from './tls.ts'

const waitMsMax = 10_000
const skewMsMax = 30_000
const notAsked: Seen = { unknown: ['Not asked: lango doctor --ask does.'] }

/** Looks at what only the network tells. Without `ask` nobody is asked, and that is what is found. */
export async function examineOutside(context: Context, accounts: InUse, { ask }: { ask: boolean }): Promise<Finding[]> {
  const base = callbackBase(context.config)
  const [way, certificate, clock, access] = ask
    ? await Promise.all([
        seeWayHere(context, base),
        seeCertificate(base, context.clock.now()),
        seeClock(context, accounts.atSafaricom),
        seeAccess(context, accounts.all),
      ])
    : [notAsked, notAsked, notAsked, notAsked]
  return [
    findingOf(
      'the address for callbacks leads to a running Lango, as far as this machine sees',
      'See that lango start runs, that the name leads to it, and that its certificate is valid.',
      way,
    ),
    findingOf(
      'the certificate of the address for callbacks is valid, with its chain',
      'Whoever answers https for this address, your proxy as a rule, must show a certificate of a public authority.',
      certificate,
    ),
    findingOf(
      "the clock of this machine agrees with Safaricom's",
      'Set it by NTP: by time we find the payment that a record of Safaricom is about.',
      clock,
    ),
    findingOf(
      'every account gets an access token',
      'Compare consumer key and secret with those of the app at developer.safaricom.co.ke, and see that this machine reaches it.',
      access,
    ),
  ]
}

/** Goes the way that a callback goes, certificate included, but from this machine. */
async function seeWayHere({ fetch }: Context, base: string): Promise<Seen> {
  const url = `${base}/healthz`
  return fetch(url, { signal: AbortSignal.timeout(waitMsMax) }).then(
    ({ ok, status }) => (ok ? { right: [`${url} answers.`] } : { wrong: [`${url} answers ${status}.`] }),
    (error: Error) => ({
      wrong: [`${url} does not answer: ${error.cause instanceof Error ? error.cause.message : error.message}.`],
    }),
  )
}

/** Compares with the time that Safaricom's gateway puts on any answer, even one that refuses. */
async function seeClock({ config, clock, fetch }: Context, { accounts, instead }: Concerned): Promise<Seen> {
  const [account] = accounts
  if (!account) return { unknown: [instead] }
  const url = config.darajaUrls[account.environment]
  const date = await fetch(url, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(waitMsMax) }).then(
    ({ headers }) => Date.parse(headers.get('date') ?? ''),
    () => Number.NaN,
  )
  if (Number.isNaN(date)) return { unknown: [`${url} does not say what time it is.`] }
  const skewMs = Math.abs(date - clock.now().getTime())
  return skewMs > skewMsMax ? { wrong: [`They differ by ${Math.round(skewMs / 1000)} s.`] } : {}
}

async function seeAccess(context: Context, { accounts, instead }: Concerned): Promise<Seen> {
  if (accounts.length === 0) return { unknown: [instead] }
  const refusals = await Promise.all(
    accounts.map(async (account) => {
      try {
        await darajaOf(context, account).accessToken()
        return []
      } catch (error) {
        return [`${account.shortcode} (${account.environment}): ${(error as Error).message}`]
      }
    }),
  )
  return { wrong: refusals.flat() }
}
