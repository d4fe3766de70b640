import type { SimulatedScale } from './scale.ts'

/** Who comes by: the decks of each, in kilograms; the last are the first two with their loads corrected. */
const trucks = [
  [8000, 14_000],
  [6000, 8000],
  [7000, 10_000],
]

/** Lets trucks drive over a scale, one after another: each rolls on, stands for a minute, and leaves. */
export function drive(scale: SimulatedScale): void {
  let next = 0
  const come = () => {
    scale.move(true)
    scale.put(trucks[next++ % trucks.length]!)
    setTimeout(() => scale.move(false), 2000)
    setTimeout(() => scale.put([]), 60_000)
  }
  come()
  setInterval(come, 65_000)
}
