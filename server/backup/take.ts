/** The next bytes of a stream, so many; fewer at its end, and undefined behind it. */
export type Take = (length: number) => Promise<Buffer | undefined>

/** Reads a stream by lengths. */
export function takeFrom(stream: AsyncIterable<Buffer>): Take {
  const chunks = stream[Symbol.asyncIterator]()
  let kept: Buffer = Buffer.alloc(0)
  return async (length) => {
    const more: Buffer[] = [kept]
    let size = kept.length
    while (size < length) {
      const { done, value } = await chunks.next()
      if (done) break
      more.push(value)
      size += value.length
    }
    const whole = more.length === 1 ? kept : Buffer.concat(more)
    kept = whole.subarray(length)
    return length > 0 && whole.length === 0 ? undefined : whole.subarray(0, length)
  }
}
