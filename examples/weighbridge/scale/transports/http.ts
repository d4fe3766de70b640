import type { Transport } from '../line.ts'

const answerMsMax = 2000

/** An indicator that is asked by HTTP, as often as `everyMs` says. An answer is a message. */
export function http({ url, everyMs = 500 }: { url: string; everyMs?: number }): Transport {
  return {
    name: `HTTP ${url}`,
    hasMessages: true,
    async open(hear, lost) {
      const ask = async () => {
        const response = await fetch(url, { signal: AbortSignal.timeout(answerMsMax) })
        const text = await response.text()
        if (!response.ok) throw new Error(`It answered ${response.status}.`)
        return text
      }
      let next: NodeJS.Timeout | undefined
      const goOn = async () => {
        try {
          const text = await ask()
          if (!next) return
          hear(text)
          next = setTimeout(() => void goOn(), everyMs)
        } catch (error) {
          if (next) lost(error as Error)
        }
      }
      hear(await ask())
      next = setTimeout(() => void goOn(), everyMs)
      return {
        write() {},
        close() {
          clearTimeout(next)
          next = undefined
        },
      }
    },
  }
}
