import { z } from '@hono/zod-openapi'
import {
  accountSchema,
  currencySchema,
  emailSchema,
  languageSchema,
  metadataSchema,
  optional,
  phoneSchema,
  providerSchema,
  referenceSchema,
  textSchema,
  withDefault,
} from '../api/schema.ts'
import { daySchema } from '../api/time.ts'
import { parseShillings } from '../money.ts'

const linesMax = 100

/** Reads a decimal number of at most so many places into whole units of the last place. */
function decimal({ places, max, message, example }: { places: number; max: number; message: string; example: string }) {
  const form = new RegExp(`^\\d{1,9}(?:\\.\\d{1,${places}})?$`)
  return z
    .union([z.number(), z.string()])
    .transform((value, context) => {
      const text = String(value).trim()
      const units = form.test(text) ? Math.round(Number(text) * 10 ** places) : undefined
      if (units !== undefined && units <= max * 10 ** places) return units
      context.addIssue({ code: 'custom', message })
      return z.NEVER
    })
    .openapi({ example })
}

const quantity = decimal({
  places: 3,
  max: 1_000_000,
  message: 'A quantity is a number from 0 to 1,000,000 with at most three decimals: what is given back is a refund.',
  example: '2',
})

const taxRate = decimal({
  places: 2,
  max: 100,
  message: 'A tax rate is a number of percent from 0 to 100, such as 16.',
  example: '16',
})

const unitAmount = z
  .union([z.number(), z.string()])
  .transform((value, context) => {
    const cents = parseShillings(value)
    if (cents !== undefined && cents <= unitCentsMax) return cents as number
    const message = 'A unit amount is a number of shillings from 0 to 100,000,000, such as 190 or "190.50".'
    context.addIssue({ code: 'custom', message, params: { problem: 'invalid_amount' } })
    return z.NEVER
  })
  .openapi({ example: '190.00' })

const unitCentsMax = 100_000_000_00

const line = z.strictObject({
  description: textSchema(200),
  quantity: withDefault(quantity, 1000).openapi({ default: '1' }),
  unit_amount: unitAmount,
  tax_rate: withDefault(taxRate, 0).openapi({ default: '0', description: 'In percent.' }),
})

/** What a merchant sends to make an invoice. */
export const invoiceRequest = z
  .strictObject({
    lines: z
      .array(line)
      .min(1, 'An invoice has a line at least: what, how many, and at how much each')
      .max(linesMax, `An invoice has at most ${linesMax} lines: put what belongs together into one`),
    tax_included: withDefault(z.boolean(), false).openapi({
      description: 'True where the unit amounts have the tax in them; else it is added.',
    }),
    currency: currencySchema,
    provider: withDefault(providerSchema, 'mpesa'),
    account: optional(accountSchema),
    reference: optional(referenceSchema.pipe(textSchema(40))).openapi({
      description:
        'What its customer types as the account at the paybill: 1 to 12 letters, digits, spaces and . _ / -, unique among your invoices that are not void. One of ours where none is given.',
      example: 'INV-204',
    }),
    description: optional(textSchema(200)),
    customer: optional(
      z.strictObject({
        name: optional(textSchema(100)),
        email: optional(emailSchema),
        phone: optional(phoneSchema),
        language: optional(languageSchema),
      }),
    ),
    instalments: optional(z.boolean()).openapi({
      description:
        'Whether it may be paid in parts. Where nothing is said, only an invoice beyond what one payment takes may, and the answer says so.',
    }),
    due_date: optional(daySchema('A due date')),
    send: withDefault(z.boolean(), false).openapi({
      description: 'True to send it to customer.email at once. It can be sent later, and again.',
    }),
    reminders: withDefault(z.boolean(), true).openapi({
      description:
        'Whether its customer is reminded by mail, once it was sent by mail: 3 days before the due date, on it, and 7 days after, while something is left to pay.',
    }),
    metadata: optional(metadataSchema),
    return_url: optional(z.url({ protocol: /^https?$/ }).max(500)),
  })
  .openapi('InvoiceRequest')

/** What may still be changed of an invoice. */
export const invoiceChange = z
  .strictObject({
    reminders: optional(z.boolean()).openapi({ description: 'False, and its customer is reminded of it no more.' }),
    customer: optional(z.strictObject({ email: optional(emailSchema), language: optional(languageSchema) })),
  })
  .openapi('InvoiceChange')
