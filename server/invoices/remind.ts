import type { Context } from '../context.ts'
import type { Sweep } from '../database/due.ts'
import { eachDue } from '../database/each-due.ts'
import { everywhere } from '../database/everywhere.ts'
import { sql } from '../database/sql.ts'
import { putMail } from '../mail/mail.ts'
import { findMerchants } from '../merchants/merchant.ts'
import type { Invoice } from './invoice.ts'
import { invoiceLetter } from './letter.ts'
import { nextReminder, presentReminder } from './reminder.ts'

const batchSize = 50

/** Reminds customers of what they were sent and have not paid: a few days before it is due, on the day, and a week after. */
export const remindCustomers: Sweep = {
  name: 'reminders',
  everyMs: 60_000,
  async run(context) {
    const due = await everywhere<Invoice>(
      context.database,
      sql`select * from invoices where remind_at <= ${context.clock.now()} order by remind_at limit ${batchSize}`,
    )
    return eachDue(context, due, { table: 'invoices', due: 'remind_at' }, (invoice) => remind(context, invoice))
  },
}

/** Safe to repeat: of each reminder one letter is put. What is paid or void by now is passed over, and looked at again at the next one, since money may go back. */
async function remind(context: Context, { merchant_id, id, due_on, remind_at }: Invoice): Promise<void> {
  const now = context.clock.now()
  const [merchant] = await findMerchants(context, [merchant_id])
  await context.database.transaction(async (transaction) => {
    const invoice = await transaction.maybe<Invoice>(sql`
      update invoices set remind_at = ${nextReminder({ due_on }, now)}
      where merchant_id = ${merchant_id} and id = ${id} and remind_at = ${remind_at} returning *`)
    const occasion = due_on && presentReminder(due_on, now)
    if (!invoice || !occasion || !merchant?.invoice_reminders) return
    if (invoice.status !== 'open' && invoice.status !== 'part_paid') return
    await putMail(transaction, context, await invoiceLetter(context, { invoice, merchant, occasion }))
  })
}
