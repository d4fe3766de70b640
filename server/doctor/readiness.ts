import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { findAccounts } from '../accounts/find.ts'
import type { Account } from '../accounts/account.ts'
import { darajaOf } from '../providers/mpesa/daraja.ts'
import { sandboxPasskey } from '../providers/mpesa/sandbox-passkey.ts'
import { forbiddenWordIn, whyNotCallable } from '../public-url.ts'
import { keyId } from '../secret.ts'
import { finding, look } from './finding.ts'
import type { Finding } from './finding.ts'

const skewMsMax = 5_000
const waitMsMax = 10_000

/** Looks at what must be right before real money may come: clock, key, address, credentials. */
export async function examineReadiness(context: Context, { ask }: { ask: boolean }): Promise<Finding[]> {
  const accounts = await accountsInUse(context)
  return [
    await examineClock(context),
    await examineKey(context),
    examineAddress(context, accounts),
    examineCredentials(accounts),
    ...(ask ? [await examineWayHere(context), await examineAccess(context, accounts)] : []),
  ]
}

async function examineClock(context: Context): Promise<Finding> {
  const [row] = await look<{ now: Date }>(context, sql`select clock_timestamp() as now`)
  const skewMs = Math.abs(row!.now.getTime() - context.clock.now().getTime())
  return finding(
    'the clocks of this machine and of the database agree',
    'Set both by NTP: Safaricom refuses requests whose timestamp is off.',
    skewMs > skewMsMax ? [`They differ by ${Math.round(skewMs / 1000)} s.`] : [],
  )
}

async function examineKey(context: Context): Promise<Finding> {
  const [row] = await look<{ value: string }>(
    context,
    sql`select value from settings where name = 'secret_key_fingerprint'`,
  )
  const own = keyId(context.config.secretKeys.current)
  return finding(
    'the secret key is the one that this database was made with',
    'Set LANGO_SECRET_KEY to that key: nothing that is sealed in the database opens with another.',
    row && row.value !== own ? [`The database has ${row.value}, this machine ${own}.`] : [],
  )
}

function examineAddress({ config }: Context, accounts: Account[]): Finding {
  const isReal = accounts.some(({ environment }) => environment !== 'simulator')
  const urls = [...new Set([config.publicUrl, config.callbackBaseUrl ?? config.publicUrl])]
  const wrong = urls.flatMap((url) => {
    const word = forbiddenWordIn(url)
    const whys = isReal ? whyNotCallable(url) : []
    return [...(word ? [`holds the word ${word}, which Safaricom refuses`] : []), ...whys].map(
      (why) => `${url} ${why}.`,
    )
  })
  return finding(
    'Safaricom can post callbacks to this address',
    'Set PUBLIC_URL to the https address at which the Internet reaches this server.',
    wrong,
  )
}

function examineCredentials(accounts: Account[]): Finding {
  const wrong = accounts
    .filter(({ environment }) => environment === 'live')
    .flatMap(({ shortcode, credentials }) => [
      ...(credentials.passkey === sandboxPasskey ? [`${shortcode} is live, with the passkey of the sandbox.`] : []),
      ...(!credentials.initiator ? [`${shortcode} is live, and has no API operator for refunds and receipts.`] : []),
    ])
  return finding(
    'live accounts have credentials of their own',
    'Set them from what Safaricom sent when it put the short code live: lango merchants provider.',
    wrong,
  )
}

/** Goes the way that a callback goes, certificate included, but from this machine. */
async function examineWayHere({ config, fetch }: Context): Promise<Finding> {
  const url = `${config.callbackBaseUrl ?? config.publicUrl}/healthz`
  const problem = await fetch(url, { signal: AbortSignal.timeout(waitMsMax) }).then(
    ({ ok, status }) => (ok ? undefined : `${url} answers ${status}.`),
    (error: Error) => `${url} does not answer: ${error.cause instanceof Error ? error.cause.message : error.message}.`,
  )
  return finding(
    'the address for callbacks leads to a running Lango',
    'See that lango start runs, that the name leads to it, and that its certificate is valid.',
    problem ? [problem] : [],
  )
}

async function examineAccess(context: Context, accounts: Account[]): Promise<Finding> {
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
  return finding(
    'every account gets an access token',
    'Compare consumer key and secret with those of the app at developer.safaricom.co.ke, and see that this machine reaches it.',
    refusals.flat(),
  )
}

async function accountsInUse(context: Context): Promise<Account[]> {
  const rows = await look<{ id: string }>(
    context,
    sql`select id from provider_accounts where ended_at is null and provider = 'mpesa'`,
  )
  const accounts = await findAccounts(
    context,
    rows.map(({ id }) => id),
  )
  return accounts.filter((account) => account !== undefined)
}
