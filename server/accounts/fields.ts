import { z } from '@hono/zod-openapi'
import { problemOf } from '../api/failure.ts'
import { optional, phoneSchema, shortcodeSchema, textSchema, withDefault } from '../api/schema.ts'

const fields = z.strictObject({
  env: z.enum(['simulator', 'sandbox', 'live']),
  consumer_key: textSchema(200),
  consumer_secret: textSchema(200),
  passkey: textSchema(200),
  shortcode: shortcodeSchema,
  type: withDefault(z.enum(['paybill', 'till']), 'paybill'),
  till: optional(shortcodeSchema),
  initiator: optional(textSchema(100)),
  security_credential: optional(textSchema(1000)),
  result_url: optional(z.string().max(500)),
  timeout_url: optional(z.string().max(500)),
  nominated_number: optional(phoneSchema),
})

/** An account with M-Pesa as a merchant describes it. */
export const mpesaSchema = fields.refine(({ type, till }) => type === 'paybill' || till !== undefined, {
  path: ['till'],
  message: 'An account of type "till" needs its till number, beside the store number as shortcode',
})

const someFields = fields.omit({ type: true }).partial()

/** What shall be changed of an account with M-Pesa. */
export type MpesaChange = z.infer<typeof someFields>

/** Reads some fields of an account. @throws a Problem that names the first that is none. */
export function readMpesaChange(given: Record<string, unknown>): MpesaChange {
  const result = someFields.safeParse(given)
  if (!result.success) throw problemOf(result.error)
  return result.data
}
