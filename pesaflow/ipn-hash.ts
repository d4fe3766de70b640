import { hashText, verifyHash } from './core/hash.ts'
import type { Ipn } from './ipn.ts'
import type { Credentials } from './secure-hash.ts'

/** The fields that the hash of a notification is made of, in order; `secret` stands for the organisation's. */
export type IpnFields = readonly string[]

/**
 * The recipes that integrators use. They disagree, and Pesaflow publishes none: B comes from those who read the
 * notification that was seen, A from a guide to its variant with `token_hash`.
 */
export const IPN_RECIPES = {
  A: ['invoice_number', 'amount_paid', 'secret'],
  B: ['client_invoice_ref', 'invoice_number', 'amount_paid', 'payment_date', 'secret'],
} as const satisfies Record<string, IpnFields>

/** One of the known recipes, one of your own, or no check at all. */
export type IpnRecipe = keyof typeof IPN_RECIPES | IpnFields | 'off'

/** What a check says of a notification. None of them replaces the question for the status. */
export type IpnVerification = 'verified' | 'wrong' | 'missing' | 'unchecked'

/**
 * Checks the hash of a notification by a recipe, in a time that tells nothing about the right one. `missing`: it has none.
 * `unchecked`: the recipe is `off`.
 *
 * @example await verifyIpn(pesaflow, ipn, 'B') // 'verified'
 */
export async function verifyIpn(credentials: Credentials, ipn: Ipn, recipe: IpnRecipe): Promise<IpnVerification> {
  if (recipe === 'off') return 'unchecked'
  if (ipn.hash === undefined) return 'missing'
  const isRight = await verifyHash(credentials.apiKey, ipnText(credentials, ipn.fields, recipe), ipn.hash)
  return isRight ? 'verified' : 'wrong'
}

/** The hash of a notification with these fields, for tests that post one. */
export function ipnHash(
  credentials: Credentials,
  fields: Readonly<Record<string, string>>,
  recipe: Exclude<IpnRecipe, 'off'>,
): Promise<string> {
  return hashText(credentials.apiKey, ipnText(credentials, fields, recipe))
}

function ipnText(
  { secret }: Credentials,
  fields: Readonly<Record<string, string>>,
  recipe: Exclude<IpnRecipe, 'off'>,
): string {
  const names = recipe === 'A' || recipe === 'B' ? IPN_RECIPES[recipe] : recipe
  return names.map((name) => (name === 'secret' ? secret : (fields[name] ?? ''))).join('')
}
