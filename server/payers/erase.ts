import { maskPhone } from '@lango/daraja'
import { writeAudit } from '../access/audit.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/sql.ts'
import { Problem } from '../problem.ts'
import { belongingsOf } from './belongings.ts'
import type { Belongings, Payer } from './belongings.ts'
import { eraseLetters } from './letters.ts'
import { unfinishedOf } from './unfinished.ts'

/** How much of a payer was made nobody's. */
export type Erased = Record<'payments' | 'money_in' | 'payouts' | 'invoices' | 'letters' | 'bodies', number>

/** What stands in place of words that were said: that there were some must show. */
const erasedWords = 'Erased at the wish of the payer.'
const erasedBody = Buffer.from(erasedWords)

/**
 * Makes what a business holds of a payer nobody's: names, addresses, numbers and words go, from what providers said and from what
 * we told, too. What the books need stays: amounts, codes, times, references, and the masked number; of a payout the number that
 * it went to. Safe to repeat. The audit log tells of it.
 * @throws a Problem while something of theirs is not finished, for money may still have to find its way to them.
 */
export function erasePayer(context: Context, payer: Payer, note: string): Promise<Erased> {
  const { merchant_id, phone } = payer
  return context.database.transaction(async (transaction) => {
    const of = await belongingsOf(transaction, payer)
    const [unfinished] = await unfinishedOf(transaction, payer, of)
    if (unfinished)
      throw new Problem('conflict', `${unfinished} is not finished. Finish what is open of this payer first.`)
    const erased = {
      payments: of.payments.length,
      money_in: of.money_in.length,
      payouts: of.payouts.length,
      invoices: of.invoices.length,
      letters: await eraseLetters(transaction, payer, of),
      bodies: of.callbacks.length,
    }
    await erasePerson(transaction, payer, of)
    await eraseWords(transaction, payer, of)
    const details = { phone: maskPhone(phone), note, ...erased }
    await writeAudit(transaction, context, { merchant_id, action: 'payer.erased', details })
    return erased
  })
}

/** Who it was: in the rows of the books. */
async function erasePerson(transaction: Transaction, { merchant_id, phone }: Payer, of: Belongings): Promise<void> {
  const masked = maskPhone(phone)
  await transaction.query(sql`
    update payments set phone = null, payer_phone_masked = ${masked}, payer_phone_hash = null, payer_name = null,
      payer_email = null, payer_id_number = null, description = null, metadata = '{}'
    where merchant_id = ${merchant_id} and id = any (${of.payments}::uuid[])`)
  await transaction.query(sql`
    update money_in set phone = null, phone_masked = ${masked}, phone_hash = null, payer_name = null
    where merchant_id = ${merchant_id} and id = any (${of.money_in}::uuid[])`)
  await transaction.query(sql`
    update payouts set receiver_name = null, remarks = null, metadata = '{}'
    where merchant_id = ${merchant_id} and id = any (${of.payouts}::uuid[])`)
  await transaction.query(sql`
    update invoices set customer_name = null, customer_email = null, customer_phone = null, description = null,
      metadata = '{}', sent_at = null, reminders = false, remind_at = null
    where merchant_id = ${merchant_id} and id = any (${of.invoices}::uuid[])`)
  await transaction.query(sql`
    update outside_payments set notes = ${erasedWords}, decision_notes = null,
      withdrawal_notes = case when withdrawn_at is not null then ${erasedWords} end
    where merchant_id = ${merchant_id} and id = any (${of.outside_payments}::uuid[])`)
  await transaction.query(sql`
    update reconciliation_items set phone = null, payer_name = null, raw = null
    where merchant_id = ${merchant_id} and receipt in (
      select receipt from money_in where merchant_id = ${merchant_id} and id = any (${of.money_in}::uuid[]))`)
}

/** What was said of them: by providers, and by us to the shop. */
async function eraseWords(transaction: Transaction, { merchant_id }: Payer, of: Belongings): Promise<void> {
  const subjects = Object.values(of).flat()
  await transaction.query(sql`
    update callbacks set body = ${erasedBody} where merchant_id = ${merchant_id} and id = any (${of.callbacks}::uuid[])`)
  await transaction.query(sql`
    update evidence set raw = ${erasedBody}
    where merchant_id = ${merchant_id} and subject_id = any (${subjects}::uuid[]) and raw is not null`)
  await transaction.query(sql`
    update events set body = (body::jsonb || jsonb_build_object('data',
      (body::jsonb -> 'data') - 'phone' - 'payer' - 'customer' - 'description' - 'metadata'))::text
    where merchant_id = ${merchant_id} and subject_id = any (${subjects}::uuid[])`)
}
