import { payBusinessBody } from './b2b.ts'
import type { Daraja } from './client.ts'
import { initiatedObjections, judgeAcknowledgement } from './core/initiated.ts'
import type { Acknowledged, Initiated } from './core/initiated.ts'
import { lengthObjection, refuseLocally, shortcodeObjection, wholeObjection } from './core/objections.ts'
import type { SendOptions } from './core/objections.ts'
import type { Outcome } from './core/outcome.ts'
import { post } from './core/send.ts'

/** The short code of the Kenya Revenue Authority, the only receiver. */
export const KRA_SHORTCODE = '572572'

export type TaxRemittance = Initiated & {
  /** The short code that pays. */
  shortcode: string
  /** Whole shillings. */
  amount: number
  /** The payment registration number that the Kenya Revenue Authority gave, e.g. `PRN1234XN`. */
  paymentRegistrationNumber: string
}

/**
 * Pays tax (`POST /mpesa/b2b/v1/remittax`). The result is read with `parseB2bResult`. Never throws; after `unknown` the money
 * may have moved.
 *
 * @example
 * await taxRemittance(daraja, {
 *   initiator: 'TaxPayer', securityCredential, shortcode: '888880', amount: 239, paymentRegistrationNumber: 'PRN1234XN',
 *   resultUrl: 'https://shop.example/in/1f2e', timeoutUrl: 'https://shop.example/in/1f2e/timeout',
 * })
 */
export async function taxRemittance(
  daraja: Daraja,
  tax: TaxRemittance,
  options: SendOptions = {},
): Promise<Outcome<Acknowledged>> {
  const refusal = refuseLocally(
    [
      ...initiatedObjections(daraja, tax),
      shortcodeObjection('short code', tax.shortcode),
      wholeObjection(tax.amount),
      lengthObjection('payment registration number', tax.paymentRegistrationNumber, 1, 20),
    ],
    options,
  )
  if (refusal) return refusal
  const accountReference = tax.paymentRegistrationNumber
  const body = payBusinessBody({ ...tax, command: 'PayTaxToKRA', receiver: KRA_SHORTCODE, accountReference })
  return judgeAcknowledgement(await post(daraja, '/mpesa/b2b/v1/remittax', body))
}

export { parseB2bResult as parseTaxRemittanceResult } from './b2b.ts'
