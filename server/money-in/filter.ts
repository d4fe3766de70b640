import { z } from '@hono/zod-openapi'
import { accountSchema, amountSchema, phoneSchema, receiptSchema, textSchema } from '../api/schema.ts'
import { sinceSchema, untilSchema } from '../api/time.ts'
import { moneyRow } from './money-in.ts'

/** The parameters by which a list of money in is narrowed, at the API and on its page. */
export const moneyFilterParams = {
  unmatched: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
  account: accountSchema.optional(),
  kind: moneyRow.shape.kind.optional(),
  search: textSchema(100).optional().openapi({
    description:
      'The beginning of a receipt, phone or reference, or of words of the payer’s name; or an amount in shillings.',
  }),
  receipt: receiptSchema.optional(),
  account_reference: z.string().max(100).optional(),
  phone: phoneSchema.optional(),
  min_amount: amountSchema.optional(),
  max_amount: amountSchema.optional(),
  since: sinceSchema.optional(),
  until: untilSchema.optional(),
}
