/** A bell that keeps one ring for a listener who comes later. */
export type Bell = {
  ring(): void
  /** Resolves at the next ring, or after so long; true where it rang. The machine's own time: another node is not moved by this one's clock. */
  heard(timeoutMs: number): Promise<boolean>
}

export function createBell(): Bell {
  let rang = false
  let wake: (() => void) | undefined
  return {
    ring() {
      rang = true
      wake?.()
    },
    async heard(timeoutMs) {
      if (!rang) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, timeoutMs)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      const didRing = rang
      rang = false
      wake = undefined
      return didRing
    },
  }
}
