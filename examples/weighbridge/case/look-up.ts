import { caseOf, write } from './station.ts'
import type { Station } from './station.ts'

/** Asks every register of the vehicle and of its driver, as far as they are named, and writes what each says, or that it said nothing. Never rejects. */
export async function lookUp(station: Station, number: number): Promise<void> {
  const { plate, driver } = caseOf(station, number).first
  const idNumber = driver.id_number.replaceAll(/\s/g, '')
  const asked = Object.entries(station.lookUps).map(async ([source, { of, ask }]) => {
    const by = of === 'vehicle' ? plate : idNumber
    if (!by) return
    const answer = await ask(by)
    if (answer.kind === 'unknown') return write(station, number, { type: 'look_up_failed', source, why: answer.why })
    const { found, is_flagged, age_minutes } = answer
    return write(station, number, { type: 'looked_up', source, found, is_flagged, age_minutes })
  })
  await Promise.all(asked)
}
