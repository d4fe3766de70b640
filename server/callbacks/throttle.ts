/** True while a name has not used up its share of the present second. */
export type Throttle = (name: string, at: Date) => boolean

const namesMax = 10_000

/** Lets each name through `perSecond` times a second. Keeps few names: when they are too many, all begin anew. */
export function createThrottle(perSecond: number): Throttle {
  const recent = new Map<string, { second: number; count: number }>()
  return (name, at) => {
    const second = Math.floor(at.getTime() / 1000)
    const entry = recent.get(name)
    if (entry?.second === second) return ++entry.count <= perSecond
    if (recent.size >= namesMax) recent.clear()
    recent.set(name, { second, count: 1 })
    return true
  }
}
