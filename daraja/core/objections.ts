import { parsePhone } from '../phone.ts'
import { refusedUnsent } from './outcome.ts'
import type { Refused } from './outcome.ts'

/** Why Daraja would refuse a request, as a sentence; `undefined` if this is no reason. */
export type Objection = string | undefined

export type SendOptions = {
  /** Sends also what Daraja is known to refuse. */
  sendAnyway?: boolean
}

/** The most that one M-PESA transaction may move, in shillings. */
export const AMOUNT_MAX = 250_000

/** Refuses here what Daraja would refuse there, without a request, unless it is to be sent anyway. */
export function refuseLocally(objections: readonly Objection[], options: SendOptions): Refused | undefined {
  const reasons = objections.filter((objection) => objection !== undefined)
  if (reasons.length === 0 || options.sendAnyway) return undefined
  return refusedUnsent(
    'refused_locally',
    reasons.join(' '),
    'Nothing was sent. Pass { sendAnyway: true } to send it all the same.',
  )
}

/** Whole shillings only, within the limits of the API. */
export function amountObjection(amount: number, min = 1, max = AMOUNT_MAX): Objection {
  if (Number.isInteger(amount) && amount >= min && amount <= max) return undefined
  return `The amount must be whole shillings from ${min} to ${max}, not ${amount}.`
}

/** Whole shillings where the upper limit is the organisation's own. */
export function wholeObjection(amount: number): Objection {
  return Number.isSafeInteger(amount) && amount >= 1 ? undefined : `The amount must be whole shillings, not ${amount}.`
}

export function phoneObjection(phone: string): Objection {
  return parsePhone(phone) ? undefined : `"${phone}" is not a Kenyan mobile number.`
}

export function shortcodeObjection(field: string, shortcode: string): Objection {
  return /^\d{5,9}$/.test(shortcode) ? undefined : `The ${field} must be 5 to 9 digits, not "${shortcode}".`
}

export function lengthObjection(field: string, text: string, min: number, max: number): Objection {
  if (text.length >= min && text.length <= max) return undefined
  return `The ${field} must have ${min} to ${max} characters, not ${text.length}.`
}

/** An absolute http(s) address; production takes https alone. */
export function urlObjection(field: string, url: string, production: boolean): Objection {
  const protocol = URL.canParse(url) ? new URL(url).protocol : undefined
  if (protocol === 'https:' || (protocol === 'http:' && !production)) return undefined
  return `The ${field} must be a full ${production ? 'https' : 'http(s)'} address, not "${url}".`
}

const FORBIDDEN_WORDS = /m-pesa|mpesa|safaricom|exec?|cmd|sql|query/i

/**
 * Safaricom forbids some words anywhere in a URL. Its portal says so for every API; STK pushes with such URLs were seen to
 * be accepted, so they are not held to it.
 */
export function urlWordObjection(field: string, url: string): Objection {
  const word = FORBIDDEN_WORDS.exec(url)?.[0]
  return word === undefined ? undefined : `The ${field} must not contain "${word}": Safaricom refuses such addresses.`
}
