import type { Frame, Indicator } from '../indicator.ts'
import { kilograms } from '../kilograms.ts'

/** Haenni's web server, `GET :8888/devices/measurements`: JSON with weight, value or gross. An answer is a frame. */
export const haenni: Indicator = {
  isMessage: true,
  read(frame) {
    const said = readObject(frame)
    const number = said?.weight ?? said?.value ?? said?.gross
    if (typeof number !== 'number' && typeof number !== 'string') return undefined
    const kg = kilograms(String(number), typeof said?.unit === 'string' ? said.unit : 'kg')
    if (kg === undefined) return undefined
    const stable: Partial<Frame> = typeof said?.stable === 'boolean' ? { isStable: said.stable } : {}
    return { kg, ...stable }
  },
}

function readObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
