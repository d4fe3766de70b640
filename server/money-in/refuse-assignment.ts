import { showId } from '../id.ts'
import { Problem } from '../problem.ts'
import type { MoneyIn } from './money-in.ts'

/** @throws a Problem where money went back, or is about to. */
export function refuseGone({ reversed_at, reserved_cents }: MoneyIn): void {
  if (reversed_at)
    throw new Problem(
      'conflict',
      'This money went back to the payer, so that there is nothing left to give to a payment.',
    )
  if (reserved_cents > 0)
    throw new Problem('conflict', 'This money is on its way back to the payer. Once that has failed, it can be given.')
}

/** The money belongs to a payment already. */
export function taken({ payment_id }: MoneyIn): Problem {
  const id = showId('pay', payment_id!)
  const message = { said: 'This money belongs to a payment already.', byApi: `It is ${id}.` }
  return new Problem('already_assigned', message, 'receipt', { payment_id: id })
}
