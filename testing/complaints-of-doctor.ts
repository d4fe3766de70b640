import type { Context } from '../server/context.ts'
import { examineInvariants } from '../server/doctor/invariants.ts'

/** What Lango's own doctor finds wrong with the money. */
export async function complaintsOfDoctor(context: Context): Promise<string[]> {
  const findings = await examineInvariants(context)
  return findings
    .filter(({ state }) => state !== 'ok')
    .map(({ name, examples }) => `The doctor misses that ${name}: ${examples.join()}`)
}
