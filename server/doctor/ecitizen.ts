import type { Account } from '../accounts/account.ts'
import { later } from '../clock.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { providerOf } from '../providers/provider-of.ts'
import { whyNotCallable } from '../public-url.ts'
import { named, ofEach } from './concerned.ts'
import type { Concerned } from './concerned.ts'
import { findingOf, look } from './finding.ts'
import type { Finding, Seen } from './finding.ts'

/** What became of the bills of an account of late. */
type Lately = {
  account_id: string
  /** How many were paid, when one last was, and when eCitizen last notified. */
  paid: number
  paid_at: Date | null
  told_at: Date | null
  /** How many nobody has paid for long, and since when the oldest waits. */
  unpaid: number
  oldest_at: Date | null
}

/** What is known of an account through which nobody was asked yet. */
const nothing: Omit<Lately, 'account_id'> = { paid: 0, paid_at: null, told_at: null, unpaid: 0, oldest_at: null }

const oldMs = 7 * 86_400_000
const lastMax = 5_000
/** One notification may be lost; when none of so many came, something is in the way. */
const silentMin = 3

/** Looks at the accounts with eCitizen: credentials, the way back of payers, notifications, and bills that nobody pays. */
export async function examineEcitizen(context: Context, concerned: Concerned, { ask }: { ask: boolean }) {
  const { accounts } = concerned
  if (accounts.length === 0) return []
  const rows = await findLately(context, accounts)
  const found = new Map(rows.map((row) => [row.account_id, row]))
  const of = ({ id }: Account) => found.get(id) ?? nothing
  return [
    await examineKeys(context, concerned, { ask }),
    examineReturns(context, concerned),
    ofEach(
      'notifications of eCitizen come through',
      'Let https requests of eCitizen through every firewall and proxy: it publishes no addresses to list. Until then bills are settled by asking.',
      concerned,
      (account) => heard(named(account), of(account)),
    ),
    ofEach(
      'no bill at eCitizen waits for long',
      'Remind the payers: GET /v1/payments?provider=pesaflow&status=pending lists the bills, each with its checkout_url.',
      concerned,
      (account) => waited(named(account), of(account)),
    ),
  ]
}

async function examineKeys(context: Context, { accounts }: Concerned, { ask }: { ask: boolean }): Promise<Finding> {
  const seen = ask
    ? await Promise.all(accounts.map((account) => tryKeys(context, account)))
    : [{ unknown: ['Not asked: lango doctor --ask does.'] }]
  return findingOf(
    'eCitizen takes the credentials of every account',
    'Compare client number, key and secret with what eCitizen gave: PUT /v1/merchant/providers/pesaflow.',
    ...seen,
  )
}

async function tryKeys(context: Context, account: Account): Promise<Seen> {
  const examined = (await providerOf(context, account).credentials?.examine(context, account)) ?? []
  const told = (wanted: string) =>
    examined
      .filter(({ outcome }) => outcome === wanted)
      .map(({ what, message }) => `${named(account)}: ${what}: ${message}`)
  return { wrong: told('wrong'), unknown: told('unknown') }
}

/** Payers come back to PUBLIC_URL, and to no other host. */
function examineReturns({ config }: Context, concerned: Concerned): Finding {
  const whys = whyNotCallable(config.publicUrl).map((why) => `${config.publicUrl} ${why}.`)
  return ofEach(
    'payers come back from eCitizen to a host of this installation',
    'Set PUBLIC_URL to an https address that payers reach.',
    concerned,
    (account) =>
      account.environment === 'simulator' || whys.length === 0
        ? { right: [`${named(account)}: to ${config.publicUrl}.`] }
        : { wrong: whys.map((why) => `${named(account)}: ${why}`) },
  )
}

function heard(name: string, { told_at, paid, paid_at }: typeof nothing): Seen {
  if (told_at) return { right: [`${name}: the last came at ${told_at.toISOString()}.`] }
  if (paid >= silentMin)
    return { wrong: [`${name}: none came for ${paid} bills that were paid, the last at ${paid_at?.toISOString()}.`] }
  return { unknown: [`${name}: none has come yet. The first payment tells.`] }
}

function waited(name: string, { unpaid, oldest_at }: typeof nothing): Seen {
  if (unpaid === 0) return {}
  const bills = unpaid === 1 ? '1 bill has' : `${unpaid} bills have`
  return { wrong: [`${name}: ${bills} not been paid for a week, the oldest since ${oldest_at!.toISOString()}.`] }
}

/** What became of the bills of these accounts, where there are any: each account has its own in one of the parts. */
async function findLately(context: Context, accounts: Account[]): Promise<Lately[]> {
  const ids = accounts.map(({ id }) => id)
  const longAgo = later(context.clock.now(), -oldMs)
  const found = await context.database.eachPart((database) =>
    look<Lately>({ ...context, database }, lately(ids, longAgo)),
  )
  return found.flat()
}

const lately = (ids: string[], longAgo: Date) => sql`
  select a.id as account_id, l.*
  from provider_accounts a
  cross join lateral (
    select count(*) filter (where p.status = 'completed')::int as paid, max(p.completed_at) as paid_at, max(t.told_at) as told_at,
      (count(*) filter (where p.status in ('created', 'pending') and p.created_at < ${longAgo}))::int as unpaid,
      min(p.created_at) filter (where p.status in ('created', 'pending') and p.created_at < ${longAgo}) as oldest_at
    from (select * from payments where merchant_id = a.merchant_id order by id desc limit ${lastMax}) p
    left join lateral (
      select max(e.at) as told_at from evidence e
      where e.merchant_id = p.merchant_id and e.subject_id = p.id and e.source = 'callback') t on true
    where p.provider_account_id = a.id having count(*) > 0) l
  where a.id = any (${ids}::uuid[])`
