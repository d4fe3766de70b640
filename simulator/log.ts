import type { ApiName } from './api-names.ts'

/** One request that came in or one that went out, such as a callback. */
export type LogEntry = {
  id: string
  at: string
  direction: 'in' | 'out'
  /** The API's name, or null for a path that no API has. */
  api: ApiName | null
  method: string
  url: string
  /** The phone and the short code that it concerns, where known. */
  msisdn: string | null
  shortcode: string | null
  /** What was answered; null while there is no answer, or when none arrived. */
  status: number | null
  /** The injected faults, comma-separated. */
  fault: string | null
  /** What was sent to the simulator, or by it. */
  body: unknown
  answer: unknown
  /** Where the real Daraja might have refused, in sentences. */
  warnings: string[]
  /** `waiting` for an answer or for its time; `done`; `dropped` on purpose; `failed` to get an answer. */
  state: 'waiting' | 'done' | 'dropped' | 'failed'
  /** The bytes that go out: the body as JSON, in Daraja's own manner of writing numbers, or as a form. */
  text: string
  contentType: string
}

export type Log = { entries: LogEntry[]; nextNumber: number }

/** A line of the log as it is shown. */
export type Shown = Omit<LogEntry, 'text' | 'contentType'>

/** The log as the control API shows it, oldest first. */
export const presentLog = ({ entries }: Log): Shown[] =>
  entries.map(({ text: _text, contentType: _contentType, ...shown }) => shown)

/** JSON if it is JSON, else the text itself; null for nothing. */
export function readBody(text: string): unknown {
  if (text === '') return null
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}
