import type { Now } from '../clock.ts'
import { cached } from './cached.ts'
import { kenha } from './kenha.ts'
import { licences } from './licences.ts'
import type { LookUp, LookUps } from './look-ups.ts'
import { ntsa } from './ntsa.ts'

const hourMs = 3_600_000

export type RegistersOptions = {
  /** Where all are, when they are simulated; else each has an address of its own. */
  url?: string
  ntsaUrl?: string
  ntsaKey?: string
  kenhaUrl?: string
  kenhaKey?: string
  licencesUrl?: string
  licencesKey?: string
  patienceMs?: number
  now: Now
}

/** NTSA, KeNHA, and a register of licences, each as far as its address is known; what they say is kept for a day, a tag for an hour. */
export function registers(options: RegistersOptions): LookUps {
  const {
    url,
    ntsaUrl = url,
    kenhaUrl = url,
    licencesUrl = url,
    ntsaKey = '',
    kenhaKey = '',
    licencesKey = '',
  } = options
  const { patienceMs, now } = options
  const keep = (freshMs: number) => ({ patienceMs, now, freshMs })
  const today = () => new Date(now().getTime() + 3 * hourMs).toISOString().slice(0, 10)
  const vehicle = (ask: LookUp) => ({ of: 'vehicle', ask }) as const
  return {
    ...(ntsaUrl && { NTSA: vehicle(cached(ntsa({ url: ntsaUrl, key: ntsaKey }), keep(24 * hourMs))) }),
    ...(kenhaUrl && { KeNHA: vehicle(cached(kenha({ url: kenhaUrl, key: kenhaKey }), keep(hourMs))) }),
    ...(licencesUrl && {
      'Driving licence': {
        of: 'driver',
        ask: cached(licences({ url: licencesUrl, key: licencesKey, today }), keep(24 * hourMs)),
      },
    }),
  }
}
