import { formatNairobi } from '@lango/daraja'
import { html } from 'hono/html'
import type { Context } from '../context.ts'
import type { Sweep } from '../database/due.ts'
import { sql } from '../database/sql.ts'
import { putMail } from '../mail/mail.ts'
import { showMoney } from '../web/parts/amount.ts'
import { showDay } from '../web/parts/time.ts'
import { findReceipt } from './find.ts'
import { receiptUrl } from './link.ts'
import { receiptNumber, whatFor } from './receipt.ts'
import type { FoundReceipt } from './receipt.ts'

const batchSize = 50

/** Tells payers who gave an address that their payment is complete, with what proves it. */
export const tellPayers: Sweep = {
  name: 'payers',
  everyMs: 2_000,
  async run(context) {
    const due = await context.database.query<{ merchant_id: string; id: string }>(
      sql`select merchant_id, id from receipts where mail_at <= ${context.clock.now()} order by mail_at limit ${batchSize}`,
    )
    for (const name of due) await tellPayer(context, await findReceipt(context, name))
    return due.length
  },
}

/** Safe to repeat: of one receipt one letter is put. */
async function tellPayer(context: Context, receipt: FoundReceipt): Promise<void> {
  const { merchant_id, id, issuer, payer_email } = receipt
  const facts = factsOf(receipt)
  const url = receiptUrl(context.config, receipt)
  const body_html = String(await letter(receipt, facts, url))
  await context.database.transaction(async (transaction) => {
    await transaction.query(sql`update receipts set mail_at = null where merchant_id = ${merchant_id} and id = ${id}`)
    if (!payer_email) return
    await putMail(transaction, context, {
      merchant_id,
      kind: 'payment_complete',
      subject_id: id,
      recipient: payer_email,
      sender: issuer.name,
      reply_to: issuer.email,
      subject: 'Payment Complete',
      body_text: [`Paid. Asante!`, ...facts.map(([name, value]) => `${name}: ${value}`), `Your receipt: ${url}`].join(
        '\n',
      ),
      body_html,
    })
  })
}

function factsOf(receipt: FoundReceipt): [string, string][] {
  const { environment, paid_at } = receipt
  const facts: [string, string][] = [
    ['Amount', showMoney(receipt.amount_cents)],
    ['To', receipt.issuer.name],
    ['For', whatFor(receipt)],
    ['M-Pesa code', receipt.provider_receipt ?? 'follows shortly'],
    ['Paid', `${showDay(paid_at, 'en')}, ${formatNairobi(paid_at, 'HH:mm')}`],
    ['Receipt', receiptNumber(receipt)],
    ['Test', environment === 'live' ? '' : 'no real money moved'],
  ]
  return facts.map(([name, value]): [string, string] => [name, value.replace(/\s+/g, ' ')]).filter(([, value]) => value)
}

// Programs for mail read no stylesheet and no custom property.
function letter({ issuer }: FoundReceipt, facts: [string, string][], url: string) {
  const cell = 'padding:8px 0;border-bottom:1px solid #e7e2d8;font-size:14px'
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>Payment Complete</title>
      </head>
      <body style="margin:0;padding:24px;background:#faf8f4;color:#13211b;font-family:system-ui,sans-serif">
        <div
          style="max-width:420px;margin:0 auto;padding:24px;background:#fff;border:1px solid #e7e2d8;border-radius:14px"
        >
          <p style="margin:0;color:#5d6b63">${issuer.name}</p>
          <h1 style="margin:8px 0 16px;font-size:22px">Paid. Asante!</h1>
          <table style="width:100%;border-collapse:collapse">
            ${facts.map(
              ([name, value]) =>
                html`<tr>
                  <td style="${cell};color:#5d6b63">${name}</td>
                  <td style="${cell};text-align:right">${value}</td>
                </tr>`,
            )}
          </table>
          <p style="margin:20px 0 0">
            <a
              href="${url}"
              style="display:block;padding:14px;border-radius:10px;background:#0b6b4f;color:#fff;text-align:center;text-decoration:none;font-weight:600"
              >See the receipt</a
            >
          </p>
        </div>
      </body>
    </html>`
}
