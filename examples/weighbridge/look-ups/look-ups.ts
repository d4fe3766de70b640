/** What a register says of a plate. `unknown` is that it said nothing: nobody knows, which is not the same as *not found*. */
export type Answer =
  | { kind: 'known'; found: string; is_flagged: boolean; age_minutes: number }
  | { kind: 'unknown'; why: string }

/** Asks a register. Never rejects, and takes a few seconds at most: weighing does not wait for it. */
export type LookUp = (plate: string) => Promise<Answer>

/** The registers that are asked, by the names that people know them by. */
export type LookUps = Record<string, LookUp>

/** What a register said, before its age counts: a sentence, and whether the vehicle is to be looked at. */
export type Finding = { found: string; is_flagged: boolean }
