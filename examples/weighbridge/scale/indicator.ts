/** What one frame of an indicator says. */
export type Frame = {
  kg: number
  /** The deck that it is of, from 1. Without one, the frame is of the whole vehicle. */
  deck?: number
  /** The decks of which `kg` is the sum. */
  decksKg?: number[]
  /** Whether the weight stands still; left out where the indicator does not say. */
  isStable?: boolean
  /** More than the scale bears, or less than nothing: `kg` is no weight then. */
  fault?: 'overload' | 'underload'
}

/** A make of weight indicator: how it is asked, and what its frames mean. Frames are from the documents and code of TruConnect. */
export type Indicator = {
  /** What asks it for a weight, and how often. Without it, it sends by itself. */
  poll?: { text: string; everyMs: number }
  /** What sets it to zero. */
  zero?: string
  /** What a frame ends with, where no control character need follow. */
  end?: RegExp
  /** Whether it sends messages and no stream: each is one frame, whatever its bytes. */
  isMessage?: true
  /** What a frame says, or `undefined` where it is none: noise, or one that was cut. */
  read(frame: string): Frame | undefined
}

/** A frame of the whole vehicle, made of its decks. */
export function ofDecks(decksKg: number[], rest: Partial<Frame> = {}): Frame {
  return { kg: decksKg.reduce((sum, kg) => sum + kg, 0), decksKg, ...rest }
}
