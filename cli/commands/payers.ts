import { writeFileSync } from 'node:fs'
import { parsePhone } from '@lango/daraja'
import { erasePayer, exportPayer } from '@lango/server'
import { command } from '../command.ts'
import type { Noun } from '../command.ts'
import { merchantOption, requireMerchant, withInstallation } from '../installation.ts'

const phoneWord = { what: 'whose: their number, such as 0712345678' } as const

const exported = command({
  summary: 'gives a copy of all that is held of one payer',
  about: `Payments, money, refunds, payouts, invoices, the letters that were sent, and what M-Pesa said of them, as JSON: what the Data
Protection Act lets a payer ask for. What M-Pesa told with a masked number is nobody's in particular, and not in it.`,
  words: { phone: phoneWord },
  options: {
    merchant: merchantOption,
    to: { takes: '<file>', what: 'a file, which only you can read; else it is printed' },
  },
  json: '{"phone","exported_at","payments","money_in","refunds","payouts","invoices","outside_payments","letters","said_by_providers"}',
  examples: ['payers export 0712345678 --merchant demo', 'payers export 0712345678 --merchant demo --to amina.json'],
  async run({ words: { phone }, options: { merchant, to } }) {
    const copy = await withInstallation(async (context) => {
      const { id: merchant_id } = await requireMerchant(context, merchant)
      return exportPayer(context, { merchant_id, phone: readPhone(phone) })
    })
    const text = JSON.stringify(copy, null, 2)
    if (to === undefined) return { json: copy, text }
    writeFileSync(to, `${text}\n`, { mode: 0o600 })
    return { json: copy, text: `${to} has ${copy.payments.length} payments and all else of ${copy.phone}.` }
  },
})

const erase = command({
  summary: 'makes what is held of one payer nobody’s',
  about: `Names, numbers, addresses, descriptions and metadata go, and with them the letters that were sent, what M-Pesa said word for word,
and what webhooks told. Amounts, codes, times, references and the masked number stay: the books need them, and the law. So do the
number a payout went to, statements that were uploaded, lines of the audit log, and backups of before. Not while something of theirs
is open: settle, refund or void it first. It cannot be taken back: make a copy before, with lango payers export.`,
  words: { phone: phoneWord },
  options: {
    merchant: merchantOption,
    note: { takes: '<text>', what: 'why, for the audit log: who asked for it, and when', isNeeded: true },
  },
  json: '{"payments","money_in","payouts","invoices","letters","bodies"}',
  examples: ["payers erase 0712345678 --merchant demo --note 'asked by letter on 3 May'"],
  async run({ words: { phone }, options: { merchant, note } }) {
    const erased = await withInstallation(async (context) => {
      const { id: merchant_id } = await requireMerchant(context, merchant)
      return erasePayer(context, { merchant_id, phone: readPhone(phone) }, note)
    })
    const { payments, money_in, payouts, invoices, letters, bodies } = erased
    const text = `Nobody’s now: ${payments} payments, ${money_in} receipts of money, ${payouts} payouts, ${invoices} invoices. Gone: ${letters} letters, ${bodies} bodies of callbacks.`
    return { json: erased, text }
  },
})

export const payers: Noun = {
  summary: 'what is held of one payer, as the Data Protection Act asks: export, erase',
  verbs: { export: exported, erase },
}

function readPhone(text: string): string {
  const phone = parsePhone(text)
  if (phone) return phone
  throw new Error(`"${text}" is no Kenyan mobile number. Write it as 0712345678 or +254712345678.`)
}
