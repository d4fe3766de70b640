import type { Account } from '../accounts/account.ts'
import { openAccount } from '../accounts/find.ts'
import type { AccountRow } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { findingOf, look } from './finding.ts'
import type { Finding, Seen } from './finding.ts'

/** The accounts that a finding is about, and where there are none, why nothing could be looked at. */
export type Concerned = { accounts: Account[]; instead: string }

/** Every account that new payments are made with: all with M-Pesa, those at Safaricom, those with real money; and those with eCitizen. */
export type InUse = { all: Concerned; atSafaricom: Concerned; live: Concerned; atEcitizen: Concerned; sealed: number }

/** Opens the accounts in use. One that does not open with the present secret key is counted, and nothing else is known of it. */
export async function accountsInUse(context: Context): Promise<InUse> {
  const rows = await look<AccountRow>(context, sql`select * from provider_accounts where ended_at is null order by id`)
  const opened = rows.flatMap((row) => open(context, row))
  const sealed = rows.length - opened.length
  const [accounts, atEcitizen] = (['mpesa', 'pesaflow'] as const).map((name) =>
    opened.filter(({ provider }) => provider === name),
  ) as [Account[], Account[]]
  const atSafaricom = accounts.filter(({ environment }) => environment !== 'simulator')
  const live = accounts.filter(({ environment }) => environment === 'live')
  const shut = sealed > 0 ? 'The credentials of an account do not open with this secret key.' : undefined
  return {
    all: { accounts, instead: shut ?? 'There is no account yet.' },
    atSafaricom: { accounts: atSafaricom, instead: shut ?? 'No account is with Safaricom yet.' },
    live: { accounts: live, instead: shut ?? 'No account is live yet.' },
    atEcitizen: { accounts: atEcitizen, instead: shut ?? 'No account is with eCitizen yet.' },
    sealed,
  }
}

function open(context: Context, row: AccountRow): Account[] {
  try {
    return [openAccount(context, row)]
  } catch {
    return []
  }
}

/** What is found when each account is looked at. */
export function ofEach(
  name: string,
  advice: string,
  { accounts, instead }: Concerned,
  see: (account: Account) => Seen,
): Finding {
  return findingOf(name, advice, ...(accounts.length === 0 ? [{ unknown: [instead] }] : accounts.map(see)))
}

/** An account as whoever runs the server knows it. */
export function named({ provider, shortcode, till, environment }: Account): string {
  if (provider === 'pesaflow') return `Client ${shortcode} with service ${till} (${environment})`
  return till === null ? `${shortcode} (${environment})` : `Till ${till} with store ${shortcode} (${environment})`
}
