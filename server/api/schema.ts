import { z } from '@hono/zod-openapi'
import { parsePhone } from '@lango/daraja'
import { toUuid } from '../id.ts'
import type { Prefix } from '../id.ts'
import { parseShillings } from '../money.ts'

/** The body of a request. */
export function body<Schema extends z.ZodType>(schema: Schema) {
  return { required: true, content: { 'application/json': { schema } } }
}

/** The body of a request that may also come without one. */
export function optionalBody<Schema extends z.ZodType>(schema: Schema) {
  return { ...body(schema), required: false }
}

/** A text of 1 to `max` characters, without the space around it. */
export function textSchema(max: number) {
  return z.string().trim().min(1).max(max)
}

/** An id of one noun, read to the UUID inside. Another noun's id, or none at all, is 404: there is no such object. */
export function idSchema(prefix: Prefix) {
  return z
    .string()
    .transform((text, context) => {
      const hex = text.startsWith(`${prefix}_`) ? text.slice(prefix.length + 1) : ''
      if (/^[0-9a-f]{32}$/.test(hex)) return toUuid(hex)
      context.addIssue({
        code: 'custom',
        message: `There is no ${text.slice(0, 60)}. An id here begins with ${prefix}_.`,
        params: { problem: 'not_found' },
      })
      return z.NEVER
    })
    .openapi({ type: 'string', example: `${prefix}_0193a6c177b27d0e8f21c4d5e6f70812` })
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
    const message = 'An amount is a number of shillings above 0, such as 500 or "500.00".'
    context.addIssue({ code: 'custom', message, params: { problem: 'invalid_amount' } })
    return z.NEVER
  })
  .openapi({ type: 'string', example: '500.00' })

export const currencySchema = z.literal('KES', 'The currency is KES.').default('KES')

export const providerSchema = z.enum(['mpesa', 'pesaflow'], 'The provider is "mpesa" or "pesaflow".')

export const shortcodeSchema = z.string().regex(/^\d{5,7}$/, 'A short code has 5 to 7 digits')

/** A Kenyan mobile number in any usual form, read to 254XXXXXXXXX. */
export const phoneSchema = z
  .string()
  .max(40)
  .transform((text, context) => {
    const phone = parsePhone(text)
    if (phone) return phone as string
    const message = 'Not a Kenyan mobile number. Write it as 0712 345 678, 0112 345 678 or +254712345678.'
    context.addIssue({ code: 'custom', message, params: { problem: 'invalid_phone' } })
    return z.NEVER
  })
  .openapi({ type: 'string', example: '0712345678' })

/** What a merchant attaches to an object, and gets back as it was. */
export const metadataSchema = z
  .record(z.string().max(40), z.unknown())
  .refine((value) => JSON.stringify(value).length <= 8_000, 'metadata is at most 8,000 characters')

/** A time in ISO 8601. */
export const timeSchema = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .openapi({ type: 'string', format: 'date-time' })
