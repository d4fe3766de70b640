import { aimOf } from './aim.ts'
import { partOf, readParts, showPart } from './parts.ts'
import type { Part } from './parts.ts'
import { addLoads } from './queue-watch.ts'
import type { PoolLoad } from './queue-watch.ts'
import { connect } from './connect.ts'
import type { ConnectOptions } from './connect.ts'
import type { Database, Sql } from './sql.ts'

/** A statement, or what of it concerns one machine, and that machine. */
type Aimed = { at: Database; query: Sql }

/** The machines of a Citus on which the data of merchants stands. */
export type Machines = {
  /**
   * The statements into which one falls apart, each with where it is to go. One that names no merchant goes to the coordinator, and in
   * a transaction to where that is.
   */
  aim(query: Sql, transactionAt?: Database): Promise<Aimed[]>
  /** Each part of what merchants have. */
  all(): Promise<Database[]>
  /** Reads anew where everything stands. */
  lookAgain(): Promise<void>
  load(): PoolLoad
  end(): Promise<void>
}

/** Kept open for each part, of which there are some dozens. */
const connectionsPerPart = 3

/** Reads from the coordinator where everything stands; connections to a part are opened when it is first asked. */
export async function openMachines(coordinator: Database, url: string, options: ConnectOptions): Promise<Machines> {
  let known = await readParts(coordinator)
  const places = createKept((merchant: string) => partOf(coordinator, known, merchant))
  const opened = createKept((part: Part) => openPart(coordinator, part, { url, options }))

  async function aim(query: Sql, transactionAt?: Database): Promise<Aimed[]> {
    const { merchants, isOfNobody, of } = aimOf(query, (table) => known.tables.has(table))
    // It does nothing, wherever it is asked; Citus would not plan each of them.
    if (isOfNobody) return [{ at: transactionAt ?? (await opened.get(known.parts[0]!)), query }]
    if (merchants.length === 0) return [{ at: transactionAt ?? coordinator, query }]
    const parts = new Map<Part, Set<string>>()
    for (const merchant of merchants) {
      const part = await places.get(merchant)
      parts.set(part, (parts.get(part) ?? new Set()).add(merchant))
    }
    return Promise.all(
      [...parts].map(async ([part, theirs]) => {
        const at = await opened.get(part)
        return { at, query: parts.size === 1 ? query : of((merchant) => theirs.has(merchant)) }
      }),
    )
  }
  return {
    aim,
    all: () => Promise.all(known.parts.map((part) => opened.get(part))),
    async lookAgain() {
      const stale = await opened.clear()
      await places.clear()
      known = await readParts(coordinator)
      // What is under way there comes to its end first.
      for (const machine of stale) void machine.end()
    },
    load: () => addLoads(opened.found().map((machine) => machine.load())),
    async end() {
      await Promise.all((await opened.clear()).map((machine) => machine.end()))
    },
  }
}

/** What was found is kept; what failed is tried again by the next who asks. */
function createKept<Key, Value>(find: (key: Key) => Promise<Value>) {
  const kept = new Map<Key, Promise<Value>>()
  const found = new Map<Key, Value>()
  return {
    get(key: Key): Promise<Value> {
      let asked = kept.get(key)
      if (!asked) {
        kept.set(key, (asked = find(key)))
        asked.then(
          (value) => found.set(key, value),
          () => kept.delete(key),
        )
      }
      return asked
    },
    found: () => [...found.values()],
    /** Forgets everything, and answers what there was. */
    async clear(): Promise<Value[]> {
      await Promise.allSettled(kept.values())
      const values = [...found.values()]
      kept.clear()
      found.clear()
      return values
    },
  }
}

async function openPart(
  coordinator: Database,
  part: Part,
  { url, options }: { url: string; options: ConnectOptions },
): Promise<Database> {
  const machine = new URL(url)
  machine.hostname = part.host
  machine.port = String(part.port)
  await showPart(coordinator, part, machine.href)
  // Its tables are those of Citus, which minds what it has not sent itself.
  machine.searchParams.set('options', `-c search_path=${part.schema} -c citus.enable_manual_changes_to_shards=on`)
  return connect(machine.href, { ...options, connections: connectionsPerPart })
}
