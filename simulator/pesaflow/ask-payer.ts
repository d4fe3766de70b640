import { askPhone } from '../daraja/ask-phone.ts'
import { hindrance, tellHindrance } from '../pay-organisation.ts'
import { findPhone } from '../phone.ts'
import type { World } from '../world.ts'
import { allBills, ecitizenPaybill } from './bill.ts'
import type { Bill, PromptState } from './bill.ts'
import { ecitizen, payBill } from './pay-bill.ts'

/** Sends a prompt for a bill to a phone. The promise settles when the payment has been told of, or there is none. */
export function askPayer(
  world: World,
  bill: Bill,
  { msisdn, amount }: { msisdn: string; amount: number },
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const setPrompt = (state: PromptState) => {
    bill.prompt = { msisdn, amount, state, at: world.clock.now().toISOString() }
    world.changed('bills')
  }
  setPrompt('ringing')
  const about = {
    msisdn,
    amount,
    shortcode: ecitizenPaybill,
    account_reference: bill.invoice_number,
    checkout_request_id: world.ids.checkout(msisdn),
  }
  askPhone(world, about, {
    agreed() {
      const phone = findPhone(world, msisdn)
      const code = hindrance(world, phone, amount)
      if (code !== undefined) {
        tellHindrance(world, phone, code, { amount, organisation: ecitizen(world).name })
        return { code, receipt: null }
      }
      const { entry, told } = payBill(world, bill, { phone, amount })
      void told.then(resolve)
      return { code: '0', receipt: entry.receipt }
    },
    ended({ code, receipt }) {
      setPrompt(stateAfter(code))
      if (receipt === null) resolve()
    },
  })
  return promise
}

/** Puts the prompts that nobody had answered back on their phones, after a restart. */
export function resumeBillPrompts(world: World): void {
  for (const bill of allBills(world)) if (bill.prompt?.state === 'ringing') void askPayer(world, bill, bill.prompt)
}

function stateAfter(code: string): PromptState {
  switch (code) {
    case '0':
      return 'paid'
    case '1032':
      return 'cancelled'
    case '1037':
      return 'timed_out'
    case '2001':
      return 'wrong_pin'
    case '1001':
      return 'not_reached'
    default:
      return 'not_enough'
  }
}
