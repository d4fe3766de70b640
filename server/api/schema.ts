import { z } from '@hono/zod-openapi'
import { parsePhone } from '@lango/daraja'
import { languages } from '../languages.ts'
import { nouns, parseId } from '../id.ts'
import type { Prefix } from '../id.ts'
import { parseShillings } from '../money.ts'
import { normalReceipt } from '../receipt.ts'
import { writtenReference } from '../reference.ts'

/** The body of a request. */
export function body<Schema extends z.ZodType>(schema: Schema) {
  return { required: true, content: { 'application/json': { schema } } }
}

/** A member that a caller may leave out, or give as null, which means the same. */
export function optional<Schema extends z.ZodType>(schema: Schema) {
  return schema.nullish().transform((value) => value ?? undefined)
}

/** A member that is `otherwise` where a caller leaves it out, or gives it as null. */
export function withDefault<Schema extends z.ZodType>(schema: Schema, otherwise: z.output<Schema>) {
  return schema
    .nullish()
    .transform((value) => value ?? otherwise)
    .openapi({ default: otherwise })
}

/** The body of a request that may also come without one. */
export function optionalBody<Schema extends z.ZodType>(schema: Schema) {
  return { ...body(schema), required: false }
}

/** A text of 1 to `max` characters, without the space around it. */
export function textSchema(max: number) {
  return z.string().trim().min(1).max(max)
}

/** What stands as the account, at the paybill and in the prompt. How long it may be, and of what, its provider says. */
export const referenceSchema = z.string().max(200).transform(writtenReference)

/** An id of one noun, read to the UUID inside. Another noun's id, or none at all, is 404: there is no such object. */
export function idSchema(prefix: Prefix) {
  return z
    .string()
    .transform((text, context) => {
      const id = parseId(prefix, text)
      if (id) return id
      context.addIssue({ code: 'custom', message: noSuchId(prefix, text), params: { problem: 'not_found' } })
      return z.NEVER
    })
    .openapi({ example: `${prefix}_0193a6c177b27d0e8f21c4d5e6f70812` })
}

/** A receipt of a provider, however it is typed. */
export const receiptSchema = textSchema(80).transform((text) => normalReceipt(text) ?? text)

const shownLength = 60

/** Says what is wrong with an id, by what it looks like: that of another noun, or of none. */
function noSuchId(prefix: Prefix, text: string): string {
  const shown = text.length > shownLength ? `${text.slice(0, shownLength)}…` : text
  const wanted = nouns[prefix]
  const form = `An id of ${wanted} is ${prefix}_ and 32 of the characters 0-9 and a-f`
  const other = (Object.keys(nouns) as Prefix[]).find((candidate) => text.startsWith(`${candidate}_`))
  if (other === undefined) return `"${shown}" is not an id of ${wanted}. ${form}.`
  if (other === prefix) return `There is no ${wanted.replace(/^an? /, '')} "${shown}". ${form}, as the API gave it.`
  return `"${shown}" is an id of ${nouns[other]}, and here one of ${wanted} is asked for, which begins with ${prefix}_.`
}

/** The path parameter `id` of one noun. */
export function idParam(prefix: Prefix) {
  return z.strictObject({ id: idSchema(prefix) })
}

/** An amount in shillings, as a number or a decimal string, read to cents. */
export const amountSchema = z
  .union([z.number(), z.string()])
  .transform((value, context) => {
    const cents = parseShillings(value)
    if (cents !== undefined && cents > 0) return cents
    const message = 'An amount is a number of shillings above 0, such as 500 or 500.00.'
    context.addIssue({ code: 'custom', message, params: { problem: 'invalid_amount' } })
    return z.NEVER
  })
  .openapi({ example: '500.00' })

export const currencySchema = withDefault(z.enum(['KES'], 'The currency is KES.'), 'KES')

export const providerSchema = z.enum(['mpesa', 'pesaflow'], 'The provider is "mpesa" or "pesaflow".')

/** One of the merchant's accounts with providers, by its id or its name. */
export const accountSchema = textSchema(100).openapi({
  description: 'One of your accounts, by its name or its id (acc_…); the default one where none is named.',
  example: 'Westlands',
})

/** The query of a request that concerns one account. */
export const accountQuery = z.strictObject({ account: accountSchema.optional() })

export const shortcodeSchema = z
  .string()
  .regex(/^\d{5,7}$/, 'A short code has 5 to 7 digits')
  .openapi({ example: '174379' })

/** A Kenyan mobile number in any usual form, read to 254XXXXXXXXX. */
export const phoneSchema = z
  .union([z.string().max(40), z.number()])
  .transform((written, context) => {
    const phone = parsePhone(String(written))
    if (phone) return phone as string
    const message = 'Not a Kenyan mobile number. Write it as 0712 345 678, 0112 345 678 or +254712345678.'
    context.addIssue({ code: 'custom', message, params: { problem: 'invalid_phone' } })
    return z.NEVER
  })
  .openapi({ example: '0712345678' })

/** What a merchant attaches to an object, and gets back as it was. */
export const metadataSchema = z
  .record(z.string().max(40), z.unknown())
  .refine((value) => JSON.stringify(value).length <= 8_000, 'must have at most 8,000 characters as JSON')

/** An address for mail, no longer than mail takes. */
export const emailSchema = z.email().max(254).openapi({ example: 'amina@example.com' })

/** The language in which somebody is written to. */
export const languageSchema = z.enum(languages).openapi({
  description: 'In which they are written to: English or Swahili. Where it is not known, in that of the merchant.',
})

/** Whoever pays. */
export const customerSchema = z.strictObject({
  name: optional(textSchema(100)),
  email: optional(emailSchema),
  phone: optional(phoneSchema),
  id_number: optional(textSchema(40)),
  language: optional(languageSchema),
})
