import { payFromMenu } from './daraja/c2b-payment.ts'
import type { MenuOutcome } from './daraja/c2b-payment.ts'
import { readMenuPayment } from './menu.ts'
import { readMsisdn } from './msisdn.ts'
import { ecitizenPaybill } from './pesaflow/bill.ts'
import { payBillFromMenu } from './pesaflow/menu-payment.ts'
import { findPhone } from './phone.ts'
import type { Auto, Phone } from './phone.ts'
import type { Answer, Outcome } from './prompt.ts'
import { answerPrompt, promptsOf, wrongPinFor } from './prompts.ts'
import type { World } from './world.ts'

/** A phone as the control API shows it. */
export type PresentedPhone = {
  msisdn: string
  name: string
  balance: number
  pin: string
  auto: Auto
  offline: boolean
  /** The ids of the prompts on its screen, oldest first. */
  prompts: string[]
  messages: { at: string; text: string }[]
}

/** A phone in the hand of a test. It always shows the present: what changes, changes here too. */
export type Handset = Readonly<PresentedPhone> & {
  /** Enters the PIN at the oldest prompt; the right one unless another is given. */
  approve(pin?: string): Outcome
  cancel(): Outcome
  wrongPin(): Outcome
  /** Leaves the prompt alone. It goes away by itself when its time is over, and the payment fails with 1037. */
  ignore(): void
  /** Pays a paybill or, without a reference, a till from the SIM menu. Resolves when the money has moved, or not. */
  pay(payment: {
    shortcode: string | number
    amount: number
    reference?: string | null
    pin?: string
  }): Promise<MenuOutcome>
}

export const presentPhone = (
  world: World,
  { msisdn, name, balance, pin, auto, offline, messages }: Phone,
): PresentedPhone => ({
  msisdn,
  name,
  balance,
  pin,
  auto,
  offline,
  prompts: promptsOf(world, msisdn).map(({ id }) => id),
  messages,
})

/** Picks up a phone by its number in any spelling. Throws for what is no Kenyan mobile number. */
export function pickUp(world: World, spelling: string): Handset {
  const msisdn = readMsisdn(spelling)
  if (msisdn === undefined) throw new Error(`${spelling} is no Kenyan mobile number. Write it like 0712345678.`)
  findPhone(world, msisdn)
  const phone = () => findPhone(world, msisdn)
  const answer = (given: Answer): Outcome => {
    const [prompt] = promptsOf(world, msisdn)
    const outcome = prompt && answerPrompt(world, prompt.id, given)
    if (outcome === undefined)
      throw new Error(`There is no prompt on the phone ${spelling}. Send it an STK push first.`)
    return outcome
  }
  return {
    msisdn,
    get name() {
      return phone().name
    },
    get balance() {
      return phone().balance
    },
    get pin() {
      return phone().pin
    },
    get auto() {
      return phone().auto
    },
    get offline() {
      return phone().offline
    },
    get messages() {
      return phone().messages
    },
    get prompts() {
      return promptsOf(world, msisdn).map(({ id }) => id)
    },
    approve: (pin) => answer({ kind: 'pin', pin: pin ?? phone().pin }),
    wrongPin: () => answer({ kind: 'pin', pin: wrongPinFor(phone().pin) }),
    cancel: () => answer({ kind: 'cancelled' }),
    ignore() {},
    async pay(payment) {
      const entered = readMenuPayment(payment)
      if (entered.shortcode === ecitizenPaybill) return payBillFromMenu(world, msisdn, entered)
      return (await payFromMenu(world, msisdn, entered)).outcome
    },
  }
}
