import { nairobi } from './nairobi.ts'
import type { Phone } from './phone.ts'
import type { World } from './world.ts'

/** M-PESA's texts to the payer, worded as on a real phone. */
type Movement = { receipt: string; amount: number; organisation: string }

export const paidPaybill = (world: World, phone: Phone, paid: Movement & { account: string; leftToday: number }) =>
  `${paid.receipt} Confirmed. ${ksh(paid.amount)} sent to ${paid.organisation} for account ${paid.account} on ${when(world)}. ` +
  `New M-PESA balance is ${ksh(phone.balance)}. Transaction cost, Ksh0.00. ` +
  `Amount you can transact within the day is ${number(paid.leftToday)}.`

export const paidTill = (world: World, phone: Phone, paid: Movement & { leftToday: number }) =>
  `${paid.receipt} Confirmed. ${ksh(paid.amount)} paid to ${paid.organisation} on ${when(world)}. ` +
  `New M-PESA balance is ${ksh(phone.balance)}. Transaction cost, Ksh0.00. ` +
  `Amount you can transact within the day is ${number(paid.leftToday)}.`

export const received = (world: World, phone: Phone, got: Movement) =>
  `${got.receipt} Confirmed. You have received ${ksh(got.amount)} from ${got.organisation} on ${when(world)}. ` +
  `New M-PESA balance is ${ksh(phone.balance)}.`

export const reversed = (world: World, phone: Phone, back: Movement & { original: string }) =>
  `${back.receipt} Confirmed. Transaction ${back.original} has been reversed on ${when(world)}. ` +
  `${ksh(back.amount)} from ${back.organisation} is credited to your M-PESA account. New M-PESA balance is ${ksh(phone.balance)}.`

export const notEnough = (phone: Phone, to: { amount: number; organisation: string }) =>
  `Failed. You do not have enough money in your M-PESA account to pay ${ksh(to.amount)} to ${to.organisation}. ` +
  `Your M-PESA balance is ${ksh(phone.balance)}.`

export const wrongPin = () => 'Failed. You have entered the wrong PIN. Please try again with the correct M-PESA PIN.'

export const overLimit = () => 'Failed. You have reached the maximum amount you can transact within a day.'

export const notAccepted = (to: { organisation: string }) =>
  `Failed. Your payment to ${to.organisation} was not accepted. Please check the business and account number and try again.`

const format = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
const number = (amount: number) => format.format(amount)
const ksh = (amount: number) => `Ksh${number(amount)}`

/** `20/11/26 at 8:15 PM`, in Nairobi. */
function when({ clock }: World): string {
  const { year, month, day, hour, minute } = nairobi(clock.now())
  const hours = Number(hour)
  return `${Number(day)}/${Number(month)}/${year.slice(2)} at ${hours % 12 || 12}:${minute} ${hours < 12 ? 'AM' : 'PM'}`
}
