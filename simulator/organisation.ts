import { shillings } from './shillings.ts'
import type { World } from './world.ts'

export type AccountName =
  | 'Working Account'
  | 'Float Account'
  | 'Utility Account'
  | 'Merchant Account'
  | 'Charges Paid Account'
  | 'Organization Settlement Account'

/** A business at Safaricom: a paybill or a till, with its accounts in shillings. */
export type Organisation = {
  shortcode: string
  name: string
  type: 'paybill' | 'till'
  /** Of a till, the number by which its software speaks to Daraja; null where that is the till's own. */
  store: string | null
  passkey: string
  accounts: Partial<Record<AccountName, number>>
  /** What M-PESA takes for a payment to a person, in shillings; nothing unless set. */
  payout_charge?: number
}

/** Safaricom's published passkey of the sandbox. Here every short code has it unless it was given another. */
export const sandboxPasskey = 'bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919'

/** The short code that does not exist, for trying what happens then. */
const missingShortcode = '999999'

const knownNames = new Map([
  ['174379', 'Daraja-Sandbox'],
  ['222222', 'eCitizen'],
  ['572572', 'Kenya Revenue Authority'],
])

const organisations = (world: World) => world.memory.collection<Organisation>('organisations')

/** The organisation of a short code. Every 5 to 7 digits are one, made when first asked for, but for 999999. */
export function findOrganisation(world: World, shortcode: string): Organisation | undefined {
  if (shortcode === missingShortcode || !/^\d{5,7}$/.test(shortcode)) return undefined
  const found = organisations(world).get(shortcode)
  if (found !== undefined) return found
  const made: Organisation = {
    shortcode,
    name: knownNames.get(shortcode) ?? `Business ${shortcode}`,
    type: 'paybill',
    store: null,
    passkey: sandboxPasskey,
    accounts: {
      'Working Account': 500_000,
      'Float Account': 0,
      'Utility Account': 100_000,
      'Charges Paid Account': 0,
      'Organization Settlement Account': 0,
    },
  }
  organisations(world).set(shortcode, made)
  return made
}

/** The tills of a store. */
export const tillsOf = (world: World, store: string): Organisation[] =>
  allOrganisations(world).filter((organisation) => organisation.store === store)

/** Whether a short code speaks for an organisation: its own number, or that of its store. */
export const speaksFor = (world: World, shortcode: string, organisation: string): boolean =>
  shortcode === organisation || tillsOf(world, shortcode).some((till) => till.shortcode === organisation)

export const allOrganisations = (world: World): Organisation[] => [...organisations(world).values()]

/** Changes what is named, making the organisation if need be. Throws a sentence that says what to write instead. */
export function setOrganisation(world: World, shortcode: string, changes: Record<string, unknown>): Organisation {
  const found = findOrganisation(world, shortcode)
  if (found === undefined)
    throw new Error('A short code has 5 to 7 digits, and 999999 is kept as the one that does not exist.')
  const { name, type, store, passkey, accounts, payout_charge, ...rest } = changes
  const [unknown] = Object.keys(rest)
  if (unknown !== undefined)
    throw new Error(
      `There is no field ${unknown} here. There are: name, type, store, passkey, accounts, payout_charge.`,
    )
  if (name !== undefined && (typeof name !== 'string' || name === '')) throw new Error('name must be a text.')
  if (type !== undefined && type !== 'paybill' && type !== 'till') throw new Error('type must be "paybill" or "till".')
  if (store !== undefined && store !== null && (typeof store !== 'string' || !findOrganisation(world, store)))
    throw new Error('store must be the number of a store, of 5 to 7 digits, or null.')
  if (passkey !== undefined && (typeof passkey !== 'string' || passkey === ''))
    throw new Error('passkey must be a text.')
  if (accounts !== undefined && !areAmounts(accounts)) {
    throw new Error('accounts must be an object like {"Utility Account": 1000}, in shillings.')
  }
  if (payout_charge !== undefined && !(typeof payout_charge === 'number' && payout_charge >= 0))
    throw new Error('payout_charge must be a number of shillings, 0 or more.')
  Object.assign(found, {
    ...(name !== undefined && { name }),
    ...(type !== undefined && { type }),
    ...(store !== undefined && { store }),
    ...(passkey !== undefined && { passkey }),
    ...(payout_charge !== undefined && { payout_charge: shillings(payout_charge) }),
    accounts: { ...found.accounts, ...accounts },
  })
  world.changed('organisations')
  return found
}

/** Adds to an account, or takes from it, and answers the new balance. The ledger's own; use `record`. */
export function moveAccount(
  world: World,
  { shortcode, account, change }: { shortcode: string; account: AccountName; change: number },
): number {
  const organisation = findOrganisation(world, shortcode)
  if (organisation === undefined) throw new Error(`There is no organisation ${shortcode}.`)
  const balance = shillings((organisation.accounts[account] ?? 0) + change)
  organisation.accounts[account] = balance
  world.changed('organisations')
  return balance
}

const areAmounts = (accounts: unknown): accounts is Record<string, number> =>
  typeof accounts === 'object' &&
  accounts !== null &&
  Object.values(accounts).every((amount) => Number.isFinite(amount))
