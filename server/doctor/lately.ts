import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { misfits } from '../providers/mpesa/outcome.ts'
import { providerOf } from '../providers/provider-of.ts'
import { look } from './finding.ts'
import { named, ofEach } from './concerned.ts'
import type { Concerned } from './concerned.ts'
import type { Finding, Seen } from './finding.ts'

/** What became of the last payments of an account that Safaricom was asked for. */
type Lately = {
  account_id: string
  /** How many of those that it took have ended. */
  ended: number
  /** When it last told of one of them by callback, and from where that came. */
  told_at: Date | null
  told_from: string | null
  paid_at: Date | null
  /** How many failed as they do where short code, till and type do not go together. */
  misfits: number
}

/** What is known of an account through which nobody was asked yet. */
const nothing: Omit<Lately, 'account_id'> = { ended: 0, told_at: null, told_from: null, paid_at: null, misfits: 0 }

const lookedAtMax = 1_000
const lastMax = 20
/** So many may be lost one by one; when all of these were, something is in the way. */
const silentMin = 3

// Source: the sandbox, October 2026, as the client mpesa-python tells: 400.002.02 Invalid TransactionType.
const sandboxShortcode = '174379'

// Source: Safaricom's portal, result codes of M-Pesa Express; 2028 is the product's, SFC_IC0003 the operator's.
const misfitCodes = ['2028', 'SFC_IC0003']

/** Looks at what the last payments tell of the way to Safaricom and back. */
export async function examineLately(context: Context, concerned: Concerned): Promise<Finding[]> {
  const ids = concerned.accounts.map(({ id }) => id)
  const rows = ids.length === 0 ? [] : await findLately(context, ids)
  const found = new Map(rows.map((row) => [row.account_id, row]))
  const of = ({ id }: { id: string }) => found.get(id) ?? nothing
  return [
    ofEach(
      'callbacks of Safaricom come through',
      "Let Safaricom's addresses through every firewall and proxy to the https port, as /docs/errors lists them, and take a payment of 1 shilling.",
      concerned,
      (account) =>
        told(named(account), of(account), (from) => {
          const { isListed } = providerOf(context, account).callbacks
          return account.environment !== 'live' || isListed(from)
        }),
    ),
    ofEach(
      'short code, store number and till go together',
      'A till has its store number as shortcode, to which the passkey belongs, and its till number as till; a paybill has no till: lango merchants provider.',
      concerned,
      (account) => fits(named(account), account, of(account)),
    ),
  ]
}

function told(
  name: string,
  { ended, told_at, told_from }: typeof nothing,
  isOfSafaricom: (from: string) => boolean,
): Seen {
  if (told_at && told_from && !isOfSafaricom(told_from))
    return {
      wrong: [
        `${name}: the last came from ${told_from}, which is none of Safaricom's addresses. If that is a proxy of yours, name it in TRUSTED_PROXIES.`,
      ],
    }
  if (told_at) return { right: [`${name}: the last came at ${told_at.toISOString()}.`] }
  if (ended >= silentMin)
    return { wrong: [`${name}: none came for the last ${ended} payments, which ended by our asking.`] }
  return {
    unknown: [
      `${name}: none has come yet. From here nobody can tell whether Safaricom reaches this server: take a payment of 1 shilling.`,
    ],
  }
}

function fits(
  name: string,
  { shortcode, till }: { shortcode: string; till: string | null },
  { paid_at, misfits }: typeof nothing,
): Seen {
  if (till === shortcode)
    return { wrong: [`${name}: the till number stands where the store number belongs, which ends as SFC_IC0003.`] }
  if (till && shortcode === sandboxShortcode)
    return { wrong: [`${name}: ${shortcode} is a paybill of the sandbox, and no store of a till, which it refuses.`] }
  if (paid_at) return { right: [`${name}: the last was paid at ${paid_at.toISOString()}.`] }
  if (misfits > 0)
    return {
      wrong: [
        `${name}: ${misfits} of its last payments failed with ${misfitCodes.join(' or ')}, or were refused for the short code or its type, and none was paid.`,
      ],
    }
  return { unknown: [`${name}: nobody has paid yet. The first payment tells.`] }
}

/** What became of the payments of these accounts, where there are any: each account has its own in one of the parts. */
async function findLately(context: Context, ids: string[]): Promise<Lately[]> {
  const found = await context.database.eachPart((database) => look<Lately>({ ...context, database }, lately(ids)))
  return found.flat()
}

const lately = (ids: string[]) => sql`
  select a.id as account_id, l.*
  from provider_accounts a
  cross join lateral (
    select count(*) filter (where provider_outcome = 'accepted')::int as ended, max(paid_at) as paid_at, max(told_at) as told_at,
      (array_agg(told_from order by told_at desc nulls last))[1] as told_from,
      (count(*) filter (where failure_provider_code = any (${misfitCodes}::text[])
        or failure_message = any (${Object.values(misfits)}::text[])))::int as misfits
    from (
      select p.provider_outcome, p.failure_provider_code, p.failure_message, t.told_at, t.told_from,
        case when p.status in ('completed', 'reversed') then p.completed_at end as paid_at
      from (select * from payments where merchant_id = a.merchant_id order by id desc limit ${lookedAtMax}) p
      left join lateral (
        select e.at as told_at, c.source_address as told_from
        from evidence e left join callbacks c on c.merchant_id = e.merchant_id and c.id = e.callback_id
        where e.merchant_id = p.merchant_id and e.subject_id = p.id and e.source = 'callback'
        order by e.id desc limit 1) t on true
      where p.provider_account_id = a.id and p.origin <> 'c2b' and p.status in ('completed', 'failed', 'reversed')
      order by p.id desc limit ${lastMax}) p having count(*) > 0) l
  where a.id = any (${ids}::uuid[])`
