import { caseOf, write } from './station.ts'
import type { Station } from './station.ts'

/** Asks every register of the vehicle, and writes what each says, or that it said nothing. Never rejects. */
export async function lookUp(station: Station, number: number): Promise<void> {
  const { plate } = caseOf(station, number).first
  const asked = Object.entries(station.lookUps).map(async ([source, ask]) => {
    const answer = await ask(plate)
    if (answer.kind === 'unknown') return write(station, number, { type: 'look_up_failed', source, why: answer.why })
    const { found, is_flagged, age_minutes } = answer
    return write(station, number, { type: 'looked_up', source, found, is_flagged, age_minutes })
  })
  await Promise.all(asked)
}
