import type { MenuPayment } from './daraja/c2b-payment.ts'

/** What was entered at *Lipa na M-PESA*. Throws a sentence that says what to enter instead. */
export function readMenuPayment(entered: Record<string, unknown>): MenuPayment {
  const { shortcode, amount, reference, pin, ...rest } = entered
  const [unknown] = Object.keys(rest)
  if (unknown !== undefined)
    throw new Error(`There is no field ${unknown} here. There are: shortcode, amount, reference, pin.`)
  const code = typeof shortcode === 'number' ? String(shortcode) : shortcode
  if (typeof code !== 'string' || !/^\d{5,7}$/.test(code)) throw new Error('shortcode must have 5 to 7 digits.')
  if (typeof amount !== 'number' || !Number.isInteger(amount) || amount < 1) {
    throw new Error('amount must be whole shillings, 1 or more.')
  }
  if (reference !== undefined && reference !== null && (typeof reference !== 'string' || reference.length > 20)) {
    throw new Error('reference must be a text of at most 20 characters, or left out at a till.')
  }
  if (pin !== undefined && typeof pin !== 'string') throw new Error('pin must be a text of four digits.')
  // An empty account number is what a till has: none.
  return { shortcode: code, amount, reference: reference?.trim() || null, ...(pin !== undefined && { pin }) }
}
