import { DatabaseSync } from 'node:sqlite'
import type { Entry, Happening } from './happening.ts'

/**
 * The case files, in one SQLite file: lines are added and never changed. What `add` has answered is on the disk, so that nothing of it
 * is lost by a kill or by a power cut.
 */
export type Store = {
  /** Opens a file, and answers its number. */
  open(first: Entry): number
  /**
   * Adds a line. With a key, it is added once however often it is told.
   * @returns whether it was new
   */
  add(caseNumber: number, entry: Entry, key?: string): boolean
  read(caseNumber: number): Entry[]
  /** The numbers of the latest files, newest first. */
  latest(limit: number): number[]
  /** The numbers of the files in which the one has happened, and the other has not. */
  having(type: Happening['type'], without: Happening['type']): number[]
  /** The number of the file in which a line has this key. */
  find(key: string): number | undefined
  close(): void
}

const schema = `
  pragma journal_mode = wal;
  pragma synchronous = full;
  create table if not exists entries (
    case_number integer not null,
    position integer not null,
    type text not null,
    key text unique,
    entry text not null check (json_valid(entry)),
    primary key (case_number, position)
  ) strict;
  create index if not exists entries_by_type on entries (type, case_number);`

/** Opens the case files at a path; `:memory:` for those of a test. */
export function openStore(path: string): Store {
  const database = new DatabaseSync(path)
  database.exec(schema)
  const next = `(select coalesce(max(position), 0) + 1 from entries where case_number = ?)`
  const add = database.prepare(
    `insert into entries values (?, ${next}, ?, ?, ?) on conflict (key) do nothing returning case_number`,
  )
  const open = database.prepare(
    `insert into entries select coalesce(max(case_number), 0) + 1, 1, ?, null, ? from entries returning case_number`,
  )
  const read = database.prepare('select entry from entries where case_number = ? order by position')
  const latest = database.prepare('select distinct case_number from entries order by case_number desc limit ?')
  const having = database.prepare(
    `select case_number from entries where type = ?
       and case_number not in (select case_number from entries where type = ?) order by case_number`,
  )
  const find = database.prepare('select case_number from entries where key = ?')
  const numbers = (rows: object[]) => (rows as { case_number: number }[]).map(({ case_number }) => case_number)
  return {
    open: (first) => numbers([open.get(first.type, JSON.stringify(first))!])[0]!,
    add: (caseNumber, entry, key) =>
      add.get(caseNumber, caseNumber, entry.type, key ?? null, JSON.stringify(entry)) !== undefined,
    read: (caseNumber) => (read.all(caseNumber) as { entry: string }[]).map(({ entry }) => JSON.parse(entry) as Entry),
    latest: (limit) => numbers(latest.all(limit)),
    having: (type, without) => numbers(having.all(type, without)),
    find: (key) => numbers([find.get(key) ?? []].flat())[0],
    close: () => database.close(),
  }
}
