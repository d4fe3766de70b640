import { cardinal } from './indicators/cardinal.ts'
import { cardinal2 } from './indicators/cardinal2.ts'
import { gi620 } from './indicators/gi620.ts'
import { haenni } from './indicators/haenni.ts'
import { i1310 } from './indicators/i1310.ts'
import { mcgs } from './indicators/mcgs.ts'
import { paw } from './indicators/paw.ts'
import { pawUdp } from './indicators/paw-udp.ts'
import { zm510 } from './indicators/zm510.ts'
import type { Indicator } from './indicator.ts'

/** Every make that can be read, by the name that settings call it. */
export const indicators = {
  zm510,
  cardinal,
  cardinal2,
  '1310': i1310,
  paw,
  'paw-udp': pawUdp,
  haenni,
  mcgs,
  gi620,
} satisfies Record<string, Indicator>

export type IndicatorName = keyof typeof indicators
