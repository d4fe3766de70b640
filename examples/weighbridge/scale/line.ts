/** What came from an indicator: a piece of its stream, or a whole message. */
export type Hear = (text: string) => void

/** An open line to an indicator. */
export type Line = {
  /** Says something to the indicator; where it hears nothing, that is nothing. */
  write(text: string): void
  close(): void
}

/** A way to an indicator. */
export type Transport = {
  /** For people: `serial line /dev/ttyUSB0`. */
  name: string
  /** Whether what is heard are messages, each a frame by itself. */
  hasMessages?: boolean
  /** Resolves when the line is open, and rejects where it cannot be. `lost` is called at most once, and not after `close`. */
  open(hear: Hear, lost: (why: Error) => void): Promise<Line>
}
