import type { Context } from '../context.ts'
import { writeLetter } from '../mail/letter.ts'
import type { Merchant } from '../merchants/merchant.ts'
import { showMoney } from '../web/parts/amount.ts'
import { monthBefore, nextFirst } from './morning.ts'
import { createReports } from './report.ts'
import type { About, ReportLetter } from './report.ts'
import { statementPdf } from './statement-pdf.ts'
import { monthName, netOf, statementOf } from './statement.ts'

/** Sends owners and finance who want it the statement of the month that has ended, as a PDF. */
export const sendStatements = createReports('statements', 5, {
  due: 'statement_at',
  next: nextFirst,
  occasion: monthBefore,
  kind: 'monthly_statement',
  write,
})

async function write(context: Context, merchant: Merchant, { occasion: month, mode }: About): Promise<ReportLetter> {
  const { id: merchant_id, name } = merchant
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
