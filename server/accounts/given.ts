import { requireOwner } from '../access/owner.ts'
import type { Context } from '../context.ts'
import { showId } from '../id.ts'
import { Problem } from '../problem.ts'
import { codeOf, neededCredentials } from './account.ts'
import type { Account, Credentials, MpesaCredentials, PesaflowCredentials } from './account.ts'

/** Credentials as somebody gives them: what is not given stays as the account has it, and `null` takes it away. */
export type GivenCredentials = { [Name in keyof (MpesaCredentials & PesaflowCredentials)]?: string | null | undefined }

/** An account as somebody gives it: environment, short code and till say which one. */
export type AccountInput = Pick<Account, 'merchant_id' | 'provider' | 'environment' | 'shortcode' | 'till' | 'type'> & {
  credentials: GivenCredentials
}

/** True for the account that somebody gives. */
export function isSame(account: Account, { provider, environment, shortcode, till }: AccountInput): boolean {
  return (
    account.provider === provider &&
    account.environment === environment &&
    account.shortcode === shortcode &&
    account.till === till
  )
}

/** The credentials of an account with what is given of them. @throws a Problem when one is missing. */
export function mergeCredentials(
  { provider }: Pick<Account, 'provider'>,
  known: Credentials | undefined,
  given: GivenCredentials,
): Credentials {
  const changes = Object.entries(given).filter(([, value]) => value !== undefined)
  const all = { ...known, ...Object.fromEntries(changes) } as GivenCredentials
  const missing = neededCredentials[provider].find((name) => !all[name])
  if (missing)
    throw new Problem(
      'invalid_request',
      `The account needs its ${missing.replaceAll('_', ' ')}.`,
      `${provider}.${missing}`,
    )
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null)) as Credentials
}

/** The first name that none of the others has: one that was there before, else the number that customers pay to. */
export function freeName(
  input: AccountInput,
  { wanted, others }: { wanted: (string | undefined)[]; others: Account[] },
): string {
  const taken = new Set(others.filter(({ ended_at }) => !ended_at).map(({ name }) => name.toLowerCase()))
  const code = codeOf(input)
  const names = [...wanted, code, `${code} ${input.environment}`].filter((name) => name !== undefined)
  return names.find((name) => !taken.has(name.toLowerCase())) ?? code
}

/** @throws a Problem when one of the accounts that would be changed is live, and no owner asks. */
export function refuseUnlessOwner(context: Context, changed: (Account | undefined)[]): void {
  const live = changed.find((account) => account?.environment === 'live')
  if (!live) return
  const merchant = showId('mer', live.merchant_id)
  requireOwner(context, {
    said: 'A live account is changed by an owner who shows their password in the dashboard.',
    byApi: `Or on the machine itself: lango merchants provider mpesa --merchant ${merchant} --help`,
  })
}
