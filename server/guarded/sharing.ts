/** Does a piece of work once for all who want it at the same time. */
export type Sharing<Result> = (
  key: string,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
) => Promise<Result>

type Work<Result> = { result: Promise<Result>; wanted: number; end: AbortController }

/** Whoever is aborted leaves with their signal's reason; when the last one has left, the work is aborted too. */
export function createSharing<Result>(): Sharing<Result> {
  const underWay = new Map<string, Work<Result>>()

  function begin(key: string, work: (signal: AbortSignal) => Promise<Result>): Work<Result> {
    const end = new AbortController()
    const begun = { result: work(end.signal), wanted: 0, end }
    const forget = () => {
      if (underWay.get(key) === begun) underWay.delete(key)
    }
    void begun.result.then(forget, forget)
    underWay.set(key, begun)
    return begun
  }

  return (key, signal, work) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted()
      const shared = underWay.get(key) ?? begin(key, work)
      shared.wanted++
      const leave = () => {
        reject(signal.reason as Error)
        if (--shared.wanted > 0) return
        // Whoever comes now begins anew.
        underWay.delete(key)
        shared.end.abort(signal.reason)
      }
      signal.addEventListener('abort', leave, { once: true })
      const stay = () => signal.removeEventListener('abort', leave)
      void shared.result.then(resolve, reject).finally(stay)
    })
}
