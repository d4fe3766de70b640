import { formatNairobi } from '@lango/daraja'
import type { Context } from '../context.ts'
import type { Sweep } from '../database/due.ts'
import { eachDue } from '../database/each-due.ts'
import { everywhere } from '../database/everywhere.ts'
import { sql } from '../database/sql.ts'
import { writeLetter } from '../mail/letter.ts'
import { putMail } from '../mail/mail.ts'
import type { NewMail } from '../mail/mail.ts'
import { findMerchants } from '../merchants/merchant.ts'
import type { Merchant } from '../merchants/merchant.ts'
import type { Payment } from '../payments/payment.ts'
import { speaker } from '../web/language.ts'
import { showMoney } from '../web/parts/amount.ts'
import { showDay } from '../web/parts/time.ts'
import { letterWords } from './letter-words.ts'
import type { Refund } from './refund.ts'

const batchSize = 50

/** Tells payers who gave an address that money of theirs went back. */
export const tellRefunded: Sweep = {
  name: 'refunded',
  everyMs: 2_000,
  async run(context) {
    const due = await everywhere<Returned>(
      context.database,
      sql`
      select r.*, p.payer_email, p.payer_language, p.amount_cents as paid_cents, p.description, p.account_reference
      from refunds r left join payments p on p.merchant_id = r.merchant_id and p.id = r.payment_id
      where r.mail_at <= ${context.clock.now()} order by r.mail_at limit ${batchSize}`,
    )
    return eachDue(context, due, { table: 'refunds', due: 'mail_at' }, (refund) => tell(context, refund))
  },
}

/** A refund, with what is known of its payer; nothing is where no payment explains the money. */
type Returned = Refund &
  Pick<Payment, 'payer_email' | 'payer_language' | 'description' | 'account_reference'> & { paid_cents: number }

/** Safe to repeat: of one refund one letter is put. */
async function tell(context: Context, refund: Returned): Promise<void> {
  const { merchant_id, id, payer_email } = refund
  const [merchant] = await findMerchants(context, [merchant_id])
  const letter = payer_email && merchant ? await letterOf(refund, merchant, payer_email) : undefined
  await context.database.transaction(async (transaction) => {
    await transaction.query(sql`update refunds set mail_at = null where merchant_id = ${merchant_id} and id = ${id}`)
    if (letter) await putMail(transaction, context, letter)
  })
}

async function letterOf(refund: Returned, merchant: Merchant, recipient: string): Promise<NewMail> {
  const { merchant_id, id, amount_cents, paid_cents, completed_at } = refund
  const language = refund.payer_language ?? merchant.language
  const say = speaker(letterWords, language)
  const amount = showMoney(amount_cents)
  const letter = await writeLetter({
    language,
    from: merchant.name,
    color: merchant.color,
    heading: say('heading'),
    sentences: [say('lead', { merchant: merchant.name })],
    amount: { label: say('amount'), value: amount },
    facts: [
      [say('of'), paid_cents === amount_cents ? '' : showMoney(paid_cents)],
      [say('for'), [refund.account_reference, refund.description].filter(Boolean).join(' · ')],
      [say('payment_code'), refund.payment_receipt],
      [say('code'), refund.provider_receipt ?? ''],
      [say('when'), `${showDay(completed_at!, language)}, ${formatNairobi(completed_at!, 'HH:mm')}`],
      [say('test'), refund.environment === 'live' ? '' : say('no_money')],
    ],
    foot: [say('look')],
  })
  const subject = say('subject', { amount, merchant: merchant.name })
  const { name: sender, email: reply_to } = merchant
  return { merchant_id, kind: 'refund_complete', subject_id: id, recipient, sender, reply_to, subject, ...letter }
}
