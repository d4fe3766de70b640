import { refusedUnsent } from './outcome.ts'
import type { Refused } from './outcome.ts'

/** Why Pesaflow would refuse a request, as a sentence; `undefined` if this is no reason. */
export type Objection = string | undefined

export type SendOptions = {
  /** Sends also what Pesaflow would refuse. */
  sendAnyway?: boolean
}

/** Refuses here what Pesaflow would refuse there, without a request, unless it is to be sent anyway. */
export function refuseLocally(objections: readonly Objection[], options: SendOptions): Refused | undefined {
  const reasons = objections.filter((objection) => objection !== undefined)
  if (reasons.length === 0 || options.sendAnyway) return undefined
  return refusedUnsent(
    'refused_locally',
    reasons.join(' '),
    'Nothing was sent. Pass { sendAnyway: true } to send it all the same.',
  )
}

export function amountObjection(cents: number): Objection {
  return Number.isSafeInteger(cents) && cents > 0
    ? undefined
    : `The amount must be a whole number of cents above 0, not ${cents}.`
}

export function textObjection(field: string, text: string): Objection {
  return text.trim() === '' ? `The ${field} is missing.` : undefined
}

export function currencyObjection(currency: string): Objection {
  return /^[A-Z]{3}$/.test(currency) ? undefined : `The currency must be three capitals, not "${currency}".`
}

/** Twelve digits, `254…`, with or without a plus. */
export function phoneObjection(phone: string): Objection {
  return /^\+?254[17]\d{8}$/.test(phone) ? undefined : `The phone must be 254 and nine digits, not "${phone}".`
}

export function urlObjection(field: string, url: string): Objection {
  return isWebAddress(url) ? undefined : `The ${field} must be a full http(s) address, not "${url}".`
}

/** An absolute http(s) address: nothing else may be handed to a browser. */
export function isWebAddress(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
}
