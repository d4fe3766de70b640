import type { Context } from '../context.ts'
import { accountOf, findAccountOfShortcode } from '../accounts/find.ts'
import { codeOf } from '../accounts/account.ts'
import type { Account } from '../accounts/account.ts'
import { findReceived } from '../money-in/find.ts'
import { findPayoutsByReceipt } from '../payouts/candidates.ts'
import { Problem } from '../problem.ts'
import type { ProviderRecord } from '../providers/record.ts'
import type { StatementReading } from '../providers/statement.ts'

/** Whose a statement is, and, where it shows nothing of that, a sentence that says by whose word. */
export type Whose = { account: Account; note?: string }

/** As many movements are looked for in the books. */
const provingMax = 5_000
const pageSize = 1_000

/**
 * Finds the account of a merchant that a statement is of: by what it says above its list, by its lines, or by receipts that the
 * books have; else by the word of whoever uploads it.
 * @throws a Problem when it is of another short code, or when nothing shows whose it is and nobody says so.
 */
export async function whoseStatement(
  context: Context,
  current: Account,
  reading: StatementReading,
  { shortcode: said, isNamed }: { shortcode?: string | undefined; isNamed: boolean },
): Promise<Whose> {
  const { shortcodes, own_parties } = reading.statement
  const shown = shortcodes.length > 0 ? shortcodes : own_parties
  const meant = said === undefined ? current : await accountOfShortcode(context, current, said)
  if (isNamed && meant.id !== current.id) throw another(said!, current)
  const proven =
    shown.length > 0 ? await ofShortcodes(context, current, shown) : await byReceipts(context, current, reading)
  if (proven) {
    if (isNamed && proven.id !== current.id) throw anotherOfYours(proven, current)
    if (said !== undefined && !hasCode(proven, said)) throw another(proven.shortcode, meant)
    return { account: proven }
  }
  if (said === undefined && !isNamed) {
    throw new Problem(
      'invalid_request',
      `Nothing in the statement shows whose it is: no short code above its list, and no receipt that is in the books. If it is of ${current.shortcode}, say so and send it again: ?shortcode=${current.shortcode}.`,
      'shortcode',
    )
  }
  const note = `Nothing in the statement shows whose it is: who uploaded it says that it is of ${said ?? codeOf(meant)}.`
  return { account: meant, note }
}

async function ofShortcodes(context: Context, current: Account, shown: string[]): Promise<Account> {
  if (shown.some((shortcode) => hasCode(current, shortcode))) return current
  for (const shortcode of shown) {
    const account = await findAccountOfShortcode(context, { ...current, shortcode })
    if (account) return account
  }
  throw another(shown.join(' and '), current)
}

async function accountOfShortcode(context: Context, current: Account, shortcode: string): Promise<Account> {
  if (hasCode(current, shortcode)) return current
  const account = await findAccountOfShortcode(context, { ...current, shortcode })
  if (account) return account
  throw new Problem(
    'invalid_request',
    `This merchant has no account with the short code ${shortcode}; the account here is ${current.shortcode}.`,
    'shortcode',
  )
}

function hasCode({ shortcode, till }: Account, code: string): boolean {
  return code === shortcode || code === till
}

function another(shown: string, wanted: Account): Problem {
  return new Problem(
    'invalid_request',
    `This is a statement of the short code ${shown}, and the account here is ${codeOf(wanted)}.`,
    'file',
  )
}

function anotherOfYours(proven: Account, named: Account): Problem {
  return new Problem(
    'invalid_request',
    `This is a statement of ${codeOf(proven)}, your account "${proven.name}", and it was sent for "${named.name}". Send it again without account, and it goes where it belongs.`,
    'account',
  )
}

/** The account in whose books a receipt of the statement is, the money having gone the same way. */
async function byReceipts(context: Context, current: Account, reading: StatementReading): Promise<Account | undefined> {
  for (let offset = 0; offset < provingMax; offset += pageSize) {
    const records = await reading.page(offset, pageSize)
    if (records.length === 0) return undefined
    const id = await accountInBooks(context, current, records)
    if (id) return accountOf(context, { provider_account_id: id })
  }
  return undefined
}

async function accountInBooks(
  context: Context,
  { merchant_id, provider, environment }: Account,
  records: ProviderRecord[],
): Promise<string | undefined> {
  const named = (wanted: (record: ProviderRecord) => string | null | undefined) =>
    records.flatMap((record) => {
      const receipt = record.problem ? null : wanted(record)
      return receipt ? [{ merchant_id, provider, environment, receipt }] : []
    })
  // What one organisation pays another has one receipt in the statements of both: only the way that it went tells them apart.
  const received = await findReceived(
    context,
    named(({ kind, receipt, linked_receipt, direction }) => {
      if (kind === 'payment') return receipt
      return kind === 'reversal' && direction === 'out' ? linked_receipt : undefined
    }),
  )
  const money = received.find(Boolean)
  if (money) return money.provider_account_id
  const sent = await findPayoutsByReceipt(
    context,
    named(({ kind, receipt }) => (kind === 'payout' ? receipt : undefined)),
  )
  return sent.find(Boolean)?.provider_account_id
}
