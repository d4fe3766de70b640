import type { Hear, Line, Transport } from './line.ts'

export type KeepOpenOptions = {
  hear: Hear
  opened(): void
  lost(why: Error): void
  /** What is said again and again while the line is open. */
  poll?: { text: string; everyMs: number }
  retry: { firstMs: number; mostMs: number }
}

/** Opens a line, and again whenever it is lost: soon at first, then at doubling gaps. What is written while it is lost is lost. */
export function keepOpen(transport: Transport, options: KeepOpenOptions): Line {
  const { hear, opened, lost, poll, retry } = options
  let line: Line | undefined
  let timer: NodeJS.Timeout | undefined
  let waitMs = retry.firstMs
  let isClosed = false

  const failed = (why: Error) => {
    clearInterval(timer)
    line = undefined
    if (isClosed) return
    lost(why)
    timer = setTimeout(() => void open(), waitMs)
    waitMs = Math.min(2 * waitMs, retry.mostMs)
  }
  const open = async () => {
    try {
      // It is well again when it is heard, not when it opens: a converter takes connections for a scale that is off.
      line = await transport.open((text) => {
        waitMs = retry.firstMs
        hear(text)
      }, failed)
    } catch (error) {
      return failed(error as Error)
    }
    if (isClosed) return line.close()
    opened()
    if (poll) timer = setInterval(() => line?.write(poll.text), poll.everyMs)
    if (poll) line.write(poll.text)
  }
  void open()
  return {
    write: (text) => line?.write(text),
    close() {
      isClosed = true
      clearInterval(timer)
      line?.close()
    },
  }
}
