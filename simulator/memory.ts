/** How many a state file keeps of what comes without end. */
const recentMax = 10_000

/**
 * Everything that the simulator remembers, as named collections of plain JSON objects. So a reset forgets all of it and
 * a state file holds all of it, whatever APIs there are.
 */
export type Memory = {
  collection<T>(name: string): Map<string, T>
  /** A collection of which a state file keeps the newest 10,000: nobody asks for older ones. */
  recent<T>(name: string): Map<string, T>
  /** What is written down once and never changed: the ledger. A state file adds to it, and writes none of it anew. */
  journal: Map<string, unknown>
  clear(): void
  /** All but the journal. */
  save(): Record<string, [string, unknown][]>
  load(saved: Record<string, [string, unknown][]>): void
}

export function createMemory(): Memory {
  const collections = new Map<string, Map<string, unknown>>()
  const recents = new Set<string>()
  const journal = new Map<string, unknown>()
  const collection = (name: string) => {
    const found = collections.get(name) ?? new Map<string, unknown>()
    collections.set(name, found)
    return found
  }
  const entriesOf = (name: string, { size }: Map<string, unknown>) =>
    collection(name)
      .entries()
      .drop(recents.has(name) ? Math.max(0, size - recentMax) : 0)
      .toArray()
  return {
    collection: <T>(name: string) => collection(name) as Map<string, T>,
    recent<T>(name: string) {
      recents.add(name)
      return collection(name) as Map<string, T>
    },
    journal,
    // Emptied, not replaced: others hold on to the maps.
    clear: () => [journal, ...collections.values()].forEach((found) => found.clear()),
    save: () => Object.fromEntries([...collections].map(([name, found]) => [name, entriesOf(name, found)])),
    load: (saved) =>
      Object.entries(saved).forEach(([name, entries]) =>
        entries.forEach(([key, value]) => collection(name).set(key, value)),
      ),
  }
}
