import { formatNairobi } from '@lango/daraja'
import type { Context } from '../context.ts'
import type { Sweep } from '../database/due.ts'
import { eachDue } from '../database/each-due.ts'
import { everywhere } from '../database/everywhere.ts'
import { sql } from '../database/sql.ts'
import { writeLetter } from '../mail/letter.ts'
import { putMail } from '../mail/mail.ts'
import { findMerchants } from '../merchants/merchant.ts'
import type { Merchant } from '../merchants/merchant.ts'
import { speaker } from '../web/language.ts'
import { showMoney } from '../web/parts/amount.ts'
import { showDay } from '../web/parts/time.ts'
import { findReceipt } from './find.ts'
import { letterWords } from './letter-words.ts'
import { receiptUrl } from './link.ts'
import { receiptNumber, whatFor } from './receipt.ts'
import type { FoundReceipt } from './receipt.ts'

const batchSize = 50

/** Tells payers who gave an address that their payment is complete, with what proves it. */
export const tellPayers: Sweep = {
  name: 'payers',
  everyMs: 2_000,
  async run(context) {
    const due = await everywhere<{ merchant_id: string; id: string }>(
      context.database,
      sql.named`select merchant_id, id from receipts where mail_at <= ${context.clock.now()} order by mail_at limit ${batchSize}`,
    )
    return eachDue(context, due, { table: 'receipts', due: 'mail_at' }, async (name) =>
      tellPayer(context, await findReceipt(context, name)),
    )
  },
}

/** Safe to repeat: of one receipt one letter is put. */
async function tellPayer(context: Context, receipt: FoundReceipt): Promise<void> {
  const { merchant_id, id, issuer, payer_email } = receipt
  const [merchant] = await findMerchants(context, [merchant_id])
  const letter = await letterOf(context, receipt, merchant)
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
      // In either language, so that programs that look for it find it.
      subject: 'Payment Complete',
      ...letter,
    })
  })
}

function letterOf({ config }: Context, receipt: FoundReceipt, merchant: Merchant | undefined) {
  const { paid_at, issuer, provider } = receipt
  const language = receipt.payer_language ?? merchant?.language ?? 'en'
  const say = speaker(letterWords, language)
  return writeLetter({
    language,
    from: issuer.name,
    color: merchant?.color,
    heading: say('heading'),
    sentences: [say('lead', { merchant: issuer.name })],
    amount: { label: say('amount'), value: showMoney(receipt.amount_cents) },
    facts: [
      [say('for'), whatFor(receipt)],
      [say(provider === 'pesaflow' ? 'code_pesaflow' : 'code'), receipt.provider_receipt ?? say('code_follows')],
      [say('when'), `${showDay(paid_at, language)}, ${formatNairobi(paid_at, 'HH:mm')}`],
      [say('number'), receiptNumber(receipt)],
      [say('test'), receipt.environment === 'live' ? '' : say('no_money')],
    ],
    action: { words: say('see'), url: `${receiptUrl(config, receipt)}&lang=${language}` },
  })
}
