import { grants } from '../access/scope.ts'
import type { Scope } from '../access/scope.ts'
import type { EnvironmentFilter } from '../api/list-rows.ts'
import type { SignedIn } from './signed-in.ts'

/** Whether who is signed in has this scope. */
export function may({ scopes }: Pick<SignedIn, 'scopes'>, scope: Scope): boolean {
  return grants(scopes, scope)
}

/** The words of the badge, where this is no real money. */
export function badgeOf({ mode }: SignedIn): string | undefined {
  return mode === 'test' ? 'Test · no real money' : undefined
}

/** Which money a page is about: real money and test money are never shown as one. */
export function environmentOf({ mode }: SignedIn): EnvironmentFilter {
  return mode === 'live' ? { environment: 'live' } : {}
}
