import type { Context } from '../context.ts'
import type { Sweep } from '../database/due.ts'
import { eachDue } from '../database/each-due.ts'
import { sql } from '../database/sql.ts'
import { writeLetter } from '../mail/letter.ts'
import { putMail } from '../mail/mail.ts'
import { findMerchants } from '../merchants/merchant.ts'
import type { Merchant } from '../merchants/merchant.ts'
import { mayHaveReports } from '../people/reports.ts'
import { showMoney } from '../web/parts/amount.ts'
import { monthBefore, nextFirst } from './morning.ts'
import { statementPdf } from './statement-pdf.ts'
import { monthName, netOf, statementOf } from './statement.ts'
import { modeOf } from './summarise.ts'
import type { Due } from './summarise.ts'

const batchSize = 5

/** Sends owners and finance who want it the statement of the month that has ended, as a PDF. */
export const sendStatements: Sweep = {
  name: 'statements',
  everyMs: 60_000,
  async run(context) {
    const due = await context.database.query<Due>(sql`
      select m.merchant_id, m.user_id as id, m.role, m.statement_at as due_at, u.email from memberships m join users u on u.id = m.user_id
      where m.statement_at <= ${context.clock.now()} order by m.statement_at limit ${batchSize}`)
    return eachDue(context, due, { table: 'memberships', due: 'statement_at', id: 'user_id' }, (member) =>
      send(context, member),
    )
  },
}

/** Safe to repeat: of one month each reader has one letter. */
async function send(context: Context, { merchant_id, id: user_id, role, due_at, email }: Due): Promise<void> {
  const now = context.clock.now()
  const month = monthBefore(now)
  const [merchant] = await findMerchants(context, [merchant_id])
  const isWanted = merchant && mayHaveReports(role)
  const letter = isWanted ? await letterOf(context, merchant, month) : undefined
  await context.database.transaction(async (transaction) => {
    const claimed = await transaction.maybe(sql`
      update memberships set statement_at = ${isWanted ? nextFirst(now) : null}
      where merchant_id = ${merchant_id} and user_id = ${user_id} and statement_at = ${due_at} returning 1`)
    if (!claimed || !letter) return
    const about = { merchant_id, subject_id: merchant_id, occasion: month, recipient: email }
    await putMail(transaction, context, { ...about, kind: 'monthly_statement', ...letter })
  })
}

async function letterOf(context: Context, merchant: Merchant, month: string) {
  const { id: merchant_id, name } = merchant
  const mode = await modeOf(context, merchant_id)
  const statement = await statementOf(context, { merchant_id, mode, month })
  const { total } = statement
  const letter = await writeLetter({
    language: 'en',
    from: name,
    color: merchant.color,
    heading: `Statement of ${monthName(month)}`,
    sentences: ['It is attached as a PDF: each day, each account, and what it comes to.'],
    amount: { label: 'Net', value: showMoney(netOf(total)) },
    facts: [
      ['Gross', showMoney(total.gross_cents)],
      ['Receipts of M-Pesa', total.count.toLocaleString('en-KE')],
      ['Charges', total.charge_cents ? showMoney(total.charge_cents) : ''],
      ['Returned', total.returned_cents ? showMoney(total.returned_cents) : ''],
      ['Sent out', total.sent_cents ? showMoney(total.sent_cents) : ''],
      ['Test', mode === 'live' ? '' : 'no real money moved'],
    ],
    action: { words: 'Compare with M-Pesa’s records', url: `${context.config.publicUrl}/reconciliation` },
    foot: [`You asked for this under Your sign-in, where you can end it: ${context.config.publicUrl}/account`],
  })
  return {
    sender: 'Lango',
    reply_to: null,
    subject: `${name}: statement of ${monthName(month)}`,
    attachment: await statementPdf(context, merchant, statement),
    attachment_name: `statement-${month}.pdf`,
    ...letter,
  }
}
