import { allOrganisations, moveAccount } from './organisation.ts'
import type { AccountName } from './organisation.ts'
import type { World } from './world.ts'

/** One movement of money that happened. Amounts are shillings. */
export type LedgerEntry = {
  receipt: string
  kind: 'stk' | 'c2b' | 'b2c' | 'b2b' | 'reversal' | 'pesaflow'
  amount: number
  /** What of the amount is Pesaflow's; 0 but for payments by it. */
  commission: number
  msisdn: string | null
  shortcode: string
  reference: string | null
  at: string
  /** The receipt that this entry takes back. */
  reverses: string | null
  /** What kind of movement it was, in the words of M-PESA's statement. */
  reason: string
  /** The accounts of organisations that moved, by how much, and what they held afterwards. */
  moves: Move[]
  /** The ids of the request that caused it, for status queries. */
  originator_conversation_id: string | null
  conversation_id: string | null
}

export type Move = {
  shortcode: string
  account: AccountName
  change: number
  balance: number
  /** Of what moves beside the amount: its own words on a statement. */
  reason?: string
}

const entries = (world: World) => world.memory.journal as Map<string, LedgerEntry>

export const ledgerEntries = (world: World): LedgerEntry[] => [...entries(world).values()]

export const findEntry = (world: World, receipt: string): LedgerEntry | undefined => entries(world).get(receipt)

type Recorded = Omit<LedgerEntry, 'at' | 'moves' | 'commission'> &
  Partial<Pick<LedgerEntry, 'commission'>> & { moves: Omit<Move, 'balance'>[] }

/** Moves money between organisations' accounts and writes it down: the one way that their balances change. */
export function record(world: World, { moves, ...entry }: Recorded): LedgerEntry {
  const written = {
    commission: 0,
    ...entry,
    at: world.clock.now().toISOString(),
    moves: moves.map((move) => ({ ...move, balance: moveAccount(world, move) })),
  }
  entries(world).set(entry.receipt, written)
  world.changed('ledger')
  return written
}

/** What each organisation's accounts hold, by short code. */
export const balances = (world: World) =>
  Object.fromEntries(allOrganisations(world).map(({ shortcode, accounts }) => [shortcode, accounts]))

/** The ledger as the control API shows it. */
export const presentLedger = (world: World) => ({
  entries: ledgerEntries(world).map(
    ({ receipt, kind, amount, commission, msisdn, shortcode, reference, at, reverses }) => ({
      receipt,
      kind,
      amount,
      ...(kind === 'pesaflow' && { commission }),
      msisdn,
      shortcode,
      reference,
      at,
      reverses,
    }),
  ),
  balances: balances(world),
})
