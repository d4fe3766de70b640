import { findFirstRequests } from '../api/idempotency.ts'
import type { Context } from '../context.ts'
import type { PaymentInput } from './intent.ts'

/**
 * True where the very request came before. What was failed or owed then may have been paid since: whoever repeats a request is
 * answered as before.
 */
export async function wasAsked(context: Context, { idempotency }: Pick<PaymentInput, 'idempotency'>): Promise<boolean> {
  return idempotency !== undefined && (await findFirstRequests(context, [idempotency]))[0] !== undefined
}
