import { showId } from '../id.ts'
import { formatKes } from '../money.ts'
import type { Environment } from '../providers/names.ts'
import { Problem } from '../problem.ts'
import { dueOf } from './invoice.ts'
import type { Invoice } from './invoice.ts'

/** @throws a Problem where a payment of this amount, made in an environment, cannot be one of the invoice. */
export function refuseUnowed(
  invoice: Invoice,
  { amount_cents, environment }: { amount_cents: number; environment: Environment },
): void {
  const id = showId('inv', invoice.id)
  const refuse = (message: string, param = 'invoice_id') => {
    throw new Problem('conflict', message, param, { invoice_id: id })
  }
  if (invoice.environment !== environment)
    refuse(`The invoice is one of the environment ${invoice.environment}, and the account of ${environment}.`)
  if (invoice.status === 'void') refuse('This invoice is void: nobody owes it.')
  const due = dueOf(invoice)
  if (due === 0) refuse('This invoice is paid.')
  if (amount_cents > due)
    refuse(`KES ${formatKes(due)} is left to pay of this invoice, and not KES ${formatKes(amount_cents)}.`, 'amount')
  if (amount_cents < due && !invoice.instalments)
    refuse(
      `This invoice is not paid in instalments: the payment must be of all that is left, KES ${formatKes(due)}.`,
      'amount',
    )
}
