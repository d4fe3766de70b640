import type { Now } from '../clock.ts'
import { cached } from './cached.ts'
import { kenha } from './kenha.ts'
import type { LookUps } from './look-ups.ts'
import { ntsa } from './ntsa.ts'

const hourMs = 3_600_000

export type RegistersOptions = {
  /** Where both are, when they are simulated; else each has an address of its own. */
  url?: string
  ntsaUrl?: string
  ntsaKey?: string
  kenhaUrl?: string
  kenhaKey?: string
  patienceMs?: number
  now: Now
}

/** NTSA and KeNHA, each as far as its address is known; an owner is kept for a day, a tag for an hour. */
export function registers(options: RegistersOptions): LookUps {
  const { url, ntsaUrl = url, ntsaKey: key = '', kenhaUrl = url, kenhaKey = '', ...rest } = options
  return {
    ...(ntsaUrl && { NTSA: cached(ntsa({ url: ntsaUrl, key }), { ...rest, freshMs: 24 * hourMs }) }),
    ...(kenhaUrl && { KeNHA: cached(kenha({ url: kenhaUrl, key: kenhaKey }), { ...rest, freshMs: hourMs }) }),
  }
}
