import type { Frame } from './indicator.ts'

/**
 * Puts frames of single decks together to weights of the vehicle. Some indicators send decks alone, whose sum is the gross; others
 * send the gross after them, and then only that counts.
 */
export function createVehicleWeight(): (frame: Frame) => Frame | undefined {
  const decks: Frame[] = []
  let sendsGross = false
  return (frame) => {
    if (frame.deck === undefined) {
      sendsGross = true
      return decks.length ? { decksKg: decks.map(({ kg }) => kg), ...frame } : frame
    }
    for (let deck = decks.length; deck < frame.deck - 1; deck++) decks[deck] = { kg: 0 }
    decks[frame.deck - 1] = frame
    return sendsGross ? undefined : sumOf(decks)
  }
}

function sumOf(decks: Frame[]): Frame {
  const states = decks.flatMap(({ isStable }) => isStable ?? [])
  const fault = decks.find((deck) => deck.fault)?.fault
  return {
    kg: decks.reduce((sum, { kg }) => sum + kg, 0),
    decksKg: decks.map(({ kg }) => kg),
    ...(states.length && { isStable: states.every(Boolean) }),
    ...(fault && { fault }),
  }
}
