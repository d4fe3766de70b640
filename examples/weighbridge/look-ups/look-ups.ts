/** What a register says. `unknown` is that it said nothing: nobody knows, which is not the same as *not found*. */
export type Answer =
  | { kind: 'known'; found: string; is_flagged: boolean; age_minutes: number }
  | { kind: 'unknown'; why: string }

/** Asks a register by a plate, or by the number of an identity card. Never rejects, and takes a few seconds at most: weighing does not wait for it. */
export type LookUp = (asked: string) => Promise<Answer>

/** One register: of vehicles, or of whoever drives them. */
export type Register = { of: 'vehicle' | 'driver'; ask: LookUp }

/** The registers that are asked, by the names that people know them by. */
export type LookUps = Record<string, Register>

/** What a register said, before its age counts: a sentence, and whether the vehicle is to be looked at. */
export type Finding = { found: string; is_flagged: boolean }
