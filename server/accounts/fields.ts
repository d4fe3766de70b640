import { z } from '@hono/zod-openapi'
import type { Caller } from '../access/key.ts'
import { problemOf } from '../api/failure.ts'
import { optional, phoneSchema, shortcodeSchema, textSchema, withDefault } from '../api/schema.ts'
import { Problem } from '../problem.ts'
import type { AccountInput } from './given.ts'

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

export type MpesaGiven = z.infer<typeof mpesaSchema>

/** What may be changed of an account that stays the one it is. */
export const credentialsSchema = fields.omit({ env: true, shortcode: true, till: true, type: true }).partial()

/** How a merchant calls an account. What looks like an id is none, so that one is never taken for the other. */
export const nameSchema = textSchema(60).refine((name) => !name.startsWith('acc_'), 'A name does not begin with acc_')

const someFields = fields.omit({ type: true }).partial()

/** What shall be changed of an account with M-Pesa. */
export type MpesaChange = z.infer<typeof someFields>

/** Reads some fields of an account. @throws a Problem that names the first that is none. */
export function readMpesaChange(given: Record<string, unknown>): MpesaChange {
  const result = someFields.safeParse(given)
  if (!result.success) throw problemOf(result.error)
  return result.data
}

/**
 * Reads an account with M-Pesa as a caller gives it.
 * @throws a Problem for a live account that comes with a test key.
 */
export function readAccount(
  { merchant_id, mode }: Pick<Caller, 'merchant_id' | 'mode'>,
  { env: environment, shortcode, type, till, ...credentials }: MpesaGiven,
): AccountInput {
  if (environment === 'live' && mode === 'test')
    throw new Problem(
      'forbidden',
      'A test key does not configure a live account. Use a live key (sk_live_…).',
      'mpesa.env',
    )
  return { merchant_id, provider: 'mpesa', environment, shortcode, type, till: till ?? null, credentials }
}
