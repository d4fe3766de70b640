import { z } from '@hono/zod-openapi'
import { accountSchema, amountSchema, idSchema, phoneSchema, providerSchema, textSchema } from '../api/schema.ts'
import { sinceSchema, untilSchema } from '../api/time.ts'

/** The parameters by which a list of payments is narrowed, at the API and on its page. */
export const paymentFilterParams = {
  provider: providerSchema.optional(),
  account: accountSchema.optional(),
  status: z.enum(['pending', 'completed', 'failed', 'reversed']).optional(),
  since: sinceSchema.optional(),
  until: untilSchema.optional(),
  search: textSchema(100).optional().openapi({
    description: 'An id in whole, or the beginning of a receipt, phone or reference, or of words of the payer’s name.',
  }),
  min_amount: amountSchema.optional(),
  max_amount: amountSchema.optional(),
  phone: phoneSchema.optional(),
  account_reference: z.string().optional(),
  external_reference: z.string().optional(),
  invoice_id: idSchema('inv').optional(),
}
