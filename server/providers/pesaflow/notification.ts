import { parseIpn, verifyIpn } from '@lango/pesaflow'
import type { Ipn, IpnRecipe, ReadAmount } from '@lango/pesaflow'
import { pesaflowCredentials } from '../../accounts/account.ts'
import type { Account } from '../../accounts/account.ts'
import { normalReceipt } from '../../receipt.ts'
import type { AmountTold } from '../finding.ts'
import type { Posted, Signature } from '../posted.ts'
import type { Named, Told } from '../provider.ts'

/**
 * Reads a notification (IPN): each payment towards the bill that it tells of, all of them so far. None of it is proof, so that
 * what it says of the bill itself does not matter: the status is asked.
 */
export function readNotification(posted: Posted): Told[] | undefined {
  const ipn = ipnOf(posted)
  if (!ipn) return undefined
  const bill = { provider_ref: word(ipn.invoiceNumber), provider_code: word(ipn.status) }
  const paid = ipn.instalments.flatMap(({ receipt, amountCents, currency = ipn.currency, paidAt }): Told[] => {
    const name = normalReceipt(receipt)
    if (name === undefined || (currency !== undefined && currency !== 'KES')) return []
    return [{ ...bill, verdict: 'success', receipt: name, ...amountOf(amountCents), paid_at: paidAt, message: words }]
  })
  return paid.length > 0 ? paid : [{ ...bill, verdict: null, message: words }]
}

/** The bill that a body names, by either of its numbers: behind a merchant's own reference stands the payment's. */
export function readNames({ json, body }: Posted): Named | undefined {
  const form = Object.fromEntries(new URLSearchParams(body.toString('utf8')))
  const fields: Record<string, unknown> = typeof json === 'object' && json !== null ? { ...json } : form
  const text = (name: string) => (typeof fields[name] === 'string' ? word(fields[name].trim()) : undefined)
  const [provider_ref, bill] = [text('invoice_number'), text('client_invoice_ref')]
  if (provider_ref === undefined && bill === undefined) return undefined
  const [, own_reference] = /-([A-HJ-NP-Z2-9]{10})$/.exec(bill ?? '') ?? []
  return { provider_ref, reference: own_reference ? bill!.slice(0, -11) : bill, own_reference }
}

const words = 'Told by a notification, which proves nothing: the status is asked.'

/** What the hash of a notification says, by the secrets of its account where that is known. */
export async function judgeNotification(posted: Posted, account?: Account): Promise<Signature> {
  const ipn = ipnOf(posted)
  if (!ipn?.hash) return 'absent'
  if (!account) return 'wrong'
  const { api_key, secret, ipn_recipe } = pesaflowCredentials(account)
  // The variant of a guide has its own hash, under its own name.
  const recipe = (ipn_recipe ?? (ipn.fields['token_hash'] ? 'A' : 'B')) as IpnRecipe
  const credentials = { apiClientId: account.shortcode, apiKey: api_key, secret }
  const verified = await verifyIpn(credentials, ipn, recipe)
  return verified === 'verified' ? 'valid' : verified === 'wrong' ? 'wrong' : 'absent'
}

function ipnOf({ json, body }: Posted): Ipn | undefined {
  const text = body.toString('utf8').trimStart()
  return parseIpn(text.startsWith('{') || text.startsWith('\uFEFF') ? json : text)
}

/** A word of Pesaflow's as it may be kept: what holds anything else was damaged on its way. */
function word(told: string | undefined): string | undefined {
  return told !== undefined && /^[\w .-]{1,40}$/.test(told) ? told : undefined
}

function amountOf(told: ReadAmount): AmountTold {
  if (told === undefined) return {}
  return typeof told === 'number' && told > 0 ? { amount_cents: told } : { amount_unreadable: true }
}
