/** The name that was probably meant, or undefined when none is near. */
export function nearest(typed: string, names: string[]): string | undefined {
  const ranked = names
    .map((name) => ({ name, steps: stepsBetween(typed.toLowerCase(), name.toLowerCase()) }))
    .filter(
      ({ name, steps }) =>
        steps <= Math.max(1, Math.floor(name.length / 3)) || (typed !== '' && name.startsWith(typed)),
    )
    .sort((left, right) => left.steps - right.steps)
  return ranked[0]?.name
}

/** How many letters must be put in, left out, changed or swapped with their neighbour to come from one word to the other. */
function stepsBetween(from: string, to: string): number {
  let [before, row] = [[] as number[], Array.from({ length: to.length + 1 }, (_, index) => index)]
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= to.length; j++) {
      const isSame = from[i - 1] === to[j - 1]
      const isSwapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]
      next[j] = Math.min(
        next[j - 1]! + 1,
        row[j]! + 1,
        row[j - 1]! + (isSame ? 0 : 1),
        isSwapped ? before[j - 2]! + 1 : Infinity,
      )
    }
    ;[before, row] = [row, next]
  }
  return row[to.length]!
}
