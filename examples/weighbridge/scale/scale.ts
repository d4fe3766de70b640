import { systemNow } from '../clock.ts'
import type { Now } from '../clock.ts'
import { createFrames, readMessage } from './frames.ts'
import type { Frame, Indicator } from './indicator.ts'
import type { Transport } from './line.ts'
import { keepOpen } from './keep-open.ts'
import { createSteadiness } from './steadiness.ts'
import type { SteadinessOptions } from './steadiness.ts'
import { createVehicleWeight } from './vehicle-weight.ts'

/** What a scale shows at a moment. */
export type Weight = {
  /** `null` while nobody knows: the line is down, or nothing was heard of late. An old weight is no weight. */
  kg: number | null
  decksKg: number[]
  /** Whether it stands still, so that it may be taken. */
  isStable: boolean
  fault: 'overload' | 'underload' | null
  /** `silent` is a line that is open, on which nothing sensible comes. */
  line: 'connected' | 'silent' | 'lost'
  /** Why the line is not connected, for people. */
  trouble: string | null
  at: string
}

export type Scale = {
  name: string
  now(): Weight
  /** Calls the listener with each weight, until the returned function is called. */
  listen(listener: (weight: Weight) => void): () => void
  /** Sets an empty scale to zero, where its indicator can be told. */
  zero(): void
  close(): void
}

export type ScaleOptions = {
  indicator: Indicator
  transport: Transport
  steadiness?: SteadinessOptions
  now?: Now
  /** After how long without a frame the line counts as silent. */
  silentAfterMs?: number
  /** How long to wait before the line is tried again, at first and at most. */
  retry?: { firstMs: number; mostMs: number }
}

/** Reads an indicator for good: what breaks is opened again. Weights come to the listeners as they come from the scale. */
export function openScale(options: ScaleOptions): Scale {
  const { indicator, transport, now = systemNow, silentAfterMs = 4000 } = options
  const isSteady = createSteadiness(options.steadiness ?? { withinKg: 20, forMs: 1000 })
  const wholeVehicle = createVehicleWeight()
  const listeners = new Set<(weight: Weight) => void>()
  let shown = unknownWeight('lost', 'Not connected yet.', now())
  let silence: NodeJS.Timeout | undefined

  const show = (weight: Weight) => {
    shown = weight
    listeners.forEach((listener) => listener(weight))
  }
  const awaitSilence = () => {
    clearTimeout(silence)
    silence = setTimeout(() => show(unknownWeight('silent', 'Nothing was heard of late.', now())), silentAfterMs)
  }
  const take = (frame: Frame) => {
    const whole = wholeVehicle(frame)
    if (!whole) return
    awaitSilence()
    show(weightOf(whole, { isStable: isSteady(whole, now()), at: now() }))
  }
  const frames = createFrames(indicator)
  const line = keepOpen(transport, {
    hear: (text) => (transport.hasMessages ? readMessage(indicator, text) : frames(text)).forEach(take),
    opened: awaitSilence,
    lost(why) {
      clearTimeout(silence)
      show(unknownWeight('lost', why.message, now()))
    },
    poll: indicator.poll,
    retry: options.retry ?? { firstMs: 500, mostMs: 30_000 },
  })
  return {
    name: transport.name,
    now: () => shown,
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    zero: () => indicator.zero && line.write(indicator.zero),
    close() {
      clearTimeout(silence)
      line.close()
    },
  }
}

function weightOf({ kg, decksKg = [], fault }: Frame, { isStable, at }: { isStable: boolean; at: Date }): Weight {
  const known = { isStable, line: 'connected', trouble: null, at: at.toISOString() } as const
  return fault ? { ...known, kg: null, decksKg: [], fault } : { ...known, kg, decksKg, fault: null }
}

function unknownWeight(line: 'silent' | 'lost', trouble: string, at: Date): Weight {
  return { kg: null, decksKg: [], isStable: false, fault: null, line, trouble, at: at.toISOString() }
}
