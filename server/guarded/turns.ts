/** Lets many owners do something of which only so much may be under way. */
export type Turns = {
  /**
   * Resolves when the owner may begin, with what ends their turn. Nobody waits behind another owner's row.
   * @throws the signal's reason when it is aborted first.
   */
  take(owner: string, signal: AbortSignal): Promise<() => void>
}

/** At most `ofOneMax` of one owner at once, and `inAllMax` of all of them. */
export function createTurns({ ofOneMax, inAllMax }: { ofOneMax: number; inAllMax: number }): Turns {
  const underWay = new Map<string, number>()
  const rows = new Map<string, (() => void)[]>()
  let inAll = 0

  function count(owner: string, change: 1 | -1): void {
    const its = (underWay.get(owner) ?? 0) + change
    if (its === 0) underWay.delete(owner)
    else underWay.set(owner, its)
    inAll += change
  }

  function admit(): void {
    for (const [owner, row] of rows) {
      if (inAll >= inAllMax) return
      if ((underWay.get(owner) ?? 0) >= ofOneMax) continue
      // Whoever had a turn goes behind all others.
      rows.delete(owner)
      const begin = row.shift()!
      if (row.length > 0) rows.set(owner, row)
      begin()
    }
  }

  return {
    take: (owner, signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted()
        const row = rows.get(owner) ?? []
        const begin = () => {
          signal.removeEventListener('abort', leave)
          count(owner, 1)
          resolve(() => {
            count(owner, -1)
            admit()
          })
        }
        const leave = () => {
          row.splice(row.indexOf(begin), 1)
          if (row.length === 0) rows.delete(owner)
          reject(signal.reason as Error)
        }
        signal.addEventListener('abort', leave, { once: true })
        row.push(begin)
        rows.set(owner, row)
        admit()
      }),
  }
}
