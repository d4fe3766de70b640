/** The times that answers took, in ms, told by their middle and their end. */
export function latencyOf(times: number[]): { p50Ms: number; p99Ms: number } {
  const sorted = times.toSorted((left, right) => left - right)
  const below = (share: number) => sorted[Math.floor(sorted.length * share)] ?? 0
  return { p50Ms: below(0.5), p99Ms: below(0.99) }
}
