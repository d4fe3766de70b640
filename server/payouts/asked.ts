import { z } from '@hono/zod-openapi'
import {
  accountSchema,
  amountSchema,
  currencySchema,
  metadataSchema,
  optional,
  phoneSchema,
  providerSchema,
  shortcodeSchema,
  referenceSchema,
  textSchema,
  withDefault,
} from '../api/schema.ts'

const common = {
  amount: amountSchema,
  currency: currencySchema,
  provider: withDefault(providerSchema, 'mpesa'),
  account: optional(accountSchema),
  remarks: optional(textSchema(100)),
  external_reference: optional(textSchema(100)),
  metadata: optional(metadataSchema),
}

/** What is asked for to be sent: to a person, to the wallet of a small trader, or to a business. */
export const payoutRequest = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('b2c'),
      phone: phoneSchema,
      reason: withDefault(z.enum(['business_payment', 'salary_payment', 'promotion_payment']), 'business_payment'),
      ...common,
    }),
    z.strictObject({ kind: z.literal('pochi'), phone: phoneSchema, ...common }),
    z
      .strictObject({
        kind: z.literal('b2b'),
        shortcode: shortcodeSchema,
        shortcode_type: withDefault(z.enum(['paybill', 'till']), 'paybill'),
        account_reference: optional(referenceSchema.pipe(textSchema(20))),
        ...common,
      })
      .refine(({ shortcode_type, account_reference }) => shortcode_type === 'till' || account_reference !== undefined, {
        path: ['account_reference'],
        message: 'A paybill is paid into an account: name it',
      }),
  ])
  .openapi('PayoutRequest')
