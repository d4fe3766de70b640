import type { Frame } from './indicator.ts'

export type SteadinessOptions = {
  /** How far weights may lie apart that count as one. */
  withinKg: number
  /** How long they must have done so. */
  forMs: number
}

/**
 * Says of each frame whether the weight stands still: for some time now all weights lay close together, and the indicator did not
 * say otherwise. What it says of itself is not enough, for some say it of every weight.
 */
export function createSteadiness({ withinKg, forMs }: SteadinessOptions): (frame: Frame, now: Date) => boolean {
  let since = Number.POSITIVE_INFINITY
  let [least, most] = [0, 0]
  return ({ kg, isStable = true, fault }, now) => {
    const at = now.getTime()
    if (!isStable || fault) since = Number.POSITIVE_INFINITY
    else if (since > at || Math.max(most, kg) - Math.min(least, kg) > withinKg) [since, least, most] = [at, kg, kg]
    else [least, most] = [Math.min(least, kg), Math.max(most, kg)]
    return at - since >= forMs
  }
}
