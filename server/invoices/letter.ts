import type { Context } from '../context.ts'
import { showId } from '../id.ts'
import { writeLetter } from '../mail/letter.ts'
import type { Fact } from '../mail/letter.ts'
import type { NewMail } from '../mail/mail.ts'
import type { Merchant } from '../merchants/merchant.ts'
import { speaker } from '../web/language.ts'
import { showMoney } from '../web/parts/amount.ts'
import { showDay } from '../web/parts/time.ts'
import { calendarDay, dueOf } from './invoice.ts'
import type { Invoice } from './invoice.ts'
import { letterWords } from './letter-words.ts'
import type { Reminder } from './reminder.ts'

/** Why an invoice is written about: it is sent, or its customer is reminded of it. */
export type Occasion = 'sent' | Reminder

const linesShown = 20

/** The letter by which a customer has an invoice, in their language: what is left, by when, what for, and where it is paid. */
export async function invoiceLetter(
  { config, clock }: Context,
  { invoice, merchant, occasion }: { invoice: Invoice; merchant: Merchant; occasion: Occasion },
): Promise<NewMail> {
  const { merchant_id, id, reference, due_on, customer_name, customer_email, lines } = invoice
  const language = invoice.customer_language ?? merchant.language
  const say = speaker(letterWords, language)
  const day = due_on ? showDay(new Date(`${calendarDay(due_on)}T12:00:00+03:00`), language) : ''
  const values = { reference, merchant: merchant.name, day }
  const heading = say(`heading_${occasion}`, values)
  const more = lines.length - linesShown
  const sentences = [
    customer_name ? say('greeting', { name: customer_name }) : '',
    say(`lead_${occasion}`, values),
    invoice.instalments ? say('parts') : '',
  ]
  const letter = await writeLetter({
    language,
    from: merchant.name,
    color: merchant.color,
    heading,
    sentences: sentences.filter(Boolean),
    amount: { label: say('left'), value: showMoney(dueOf(invoice)) },
    lines: [
      ...lines.slice(0, linesShown).map(({ description, quantity_thousandths, amount_cents }): Fact => {
        const times = quantity_thousandths === 1000 ? '' : ` × ${quantity_thousandths / 1000}`
        return [description + times, showMoney(amount_cents)]
      }),
      ...(more > 0 ? [[say('more', { count: String(more) }), '…'] as const] : []),
    ],
    facts: [
      [say('altogether'), showMoney(invoice.total_cents)],
      [say('tax'), invoice.tax_cents ? showMoney(invoice.tax_cents) : ''],
      [say('paid'), invoice.paid_cents ? showMoney(invoice.paid_cents) : ''],
      [say('by'), day],
      [say('invoice'), reference],
      [say('for'), invoice.description ?? ''],
      [say('test'), invoice.environment === 'live' ? '' : say('no_money')],
    ],
    action: { words: say('see'), url: `${config.publicUrl}/pay/${showId('inv', id)}?lang=${language}` },
    foot: [...(occasion === 'sent' ? [] : [say('crossed')]), say('pin')],
  })
  return {
    merchant_id,
    kind: occasion === 'sent' ? 'invoice' : 'invoice_reminder',
    subject_id: id,
    occasion: occasion === 'sent' ? clock.now().toISOString() : occasion,
    recipient: customer_email!,
    sender: merchant.name,
    reply_to: merchant.email,
    subject: say(`subject_${occasion}`, values),
    ...letter,
  }
}
