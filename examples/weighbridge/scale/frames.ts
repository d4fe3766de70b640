import type { Frame, Indicator } from './indicator.ts'

/** More than any frame has: what goes on longer without an end is noise. */
const lengthMax = 1024
/** What a weighbridge can say. Beyond it, a digit was lost or came twice. */
const kgMax = 100_000

const controls = /\p{Cc}+/u

/** Puts the pieces of a stream together, and answers the frames that each piece completes. Noise and cut frames are passed over. */
export function createFrames(indicator: Indicator): (piece: string) => Frame[] {
  let rest = ''
  return (piece) => {
    const text = rest + piece
    const parts = (indicator.end ? text.replaceAll(indicator.end, '$&\n') : text).split(controls)
    rest = parts.pop()!.slice(-lengthMax)
    return parts.flatMap((part) => readFrame(indicator, part))
  }
}

/** The frames of a message, a packet or an answer, which is whole. Where an indicator takes no stream apart, a message is a frame. */
export function readMessage(indicator: Indicator, text: string): Frame[] {
  return indicator.isMessage ? readFrame(indicator, text) : createFrames(indicator)(`${text}\n`)
}

function readFrame(indicator: Indicator, text: string): Frame[] {
  const frame = indicator.read(text)
  return frame && Math.abs(frame.kg) <= kgMax ? [frame] : []
}
