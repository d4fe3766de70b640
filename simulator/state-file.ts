import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { isObject } from './is-object.ts'
import type { Memory } from './memory.ts'
import type { Change } from './world.ts'

export type StateFile = {
  /** Writes soon; many changes in a row are one write, and tried again with the next where it failed. */
  changed(what: Change): void
  /** Writes what is not yet written. What cannot be written, on a full disk for example, ends nothing: a warning says so. */
  flush(): void
}

const version = 2
const delayMs = 250

/** Which bytes of the file beside the state are its journal, and how many lines they are. What is not among them never happened. */
type Journal = { from: number; to: number; lines: number }
type Saved = Parameters<Memory['load']>[0]

/**
 * Fills the memory from a file, if there is one, and keeps the file as the memory; its journal in another beside it, which only grows.
 * Throws if it is no such file.
 */
export function keepInFile(memory: Memory, path: string): StateFile {
  const journalPath = `${path}.ledger`
  let journal = existsSync(path) ? load(memory, path, journalPath) : { from: 0, to: 0, lines: 0 }
  let timer: NodeJS.Timeout | undefined
  let isWritten = true
  let isWarned = false
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    if (isWritten) return
    try {
      mkdirSync(dirname(path), { recursive: true })
      const added = addTo(journalPath, journal, memory.journal)
      // A crash while writing leaves the file as it was, and the journal as long as that says.
      writeFileSync(`${path}.new`, JSON.stringify({ version, journal: added, memory: memory.save() }))
      renameSync(`${path}.new`, path)
      journal = added
      isWritten = true
      isWarned = false
    } catch (error) {
      if (!isWarned)
        process.emitWarning(`The simulator cannot write ${path}, and tries again: ${(error as Error).message}.`)
      isWarned = true
    }
  }
  return {
    changed(what) {
      if (what === 'reset') journal = { from: journal.to, to: journal.to, lines: 0 }
      isWritten = false
      // The disk goes by the machine's time: a clock that stands still must not hold it up.
      timer ??= setTimeout(flush, delayMs).unref()
    },
    flush,
  }
}

function addTo(path: string, { from, to, lines }: Journal, journal: Memory['journal']): Journal {
  const added = journal.entries().drop(lines).toArray()
  if (added.length === 0) return { from, to, lines }
  const text = added.map((entry) => `${JSON.stringify(entry)}\n`).join('')
  // What was begun before a crash, or before the disk was full.
  if (existsSync(path)) truncateSync(path, to)
  appendFileSync(path, text)
  return { from, to: to + Buffer.byteLength(text), lines: lines + added.length }
}

function load(memory: Memory, path: string, journalPath: string): Journal {
  const state = read(path)
  memory.load(state.memory)
  const written = state.journal.lines > 0 ? readJournal(journalPath, state.journal) : []
  for (const [key, value] of [...state.ledger, ...written]) memory.journal.set(key, value)
  return state.journal
}

const refusalOf = (path: string) =>
  new Error(`${path} is no state of this simulator. Move it away, or name another file.`)

function read(path: string): { memory: Saved; journal: Journal; ledger: Saved[string] } {
  const refusal = refusalOf(path)
  try {
    const state: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (isObject(state) && isObject(state.memory)) {
      // Of the version before, which had the ledger in it.
      const { ledger = [], ...memory } = state.memory as Saved
      if (state.version === 1) return { memory, journal: { from: 0, to: 0, lines: 0 }, ledger }
      if (state.version === version) return { memory, journal: state.journal as Journal, ledger: [] }
    }
  } catch (error) {
    refusal.cause = error
  }
  throw refusal
}

function readJournal(path: string, { from, to, lines }: Journal): [string, unknown][] {
  const refusal = refusalOf(path)
  try {
    const read = readFileSync(path).subarray(from, to).toString('utf8').split('\n').slice(0, -1)
    if (read.length === lines) return read.map((line) => JSON.parse(line) as [string, unknown])
  } catch (error) {
    refusal.cause = error
  }
  throw refusal
}
