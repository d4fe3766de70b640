/**
 * Everything that the simulator remembers, as named collections of plain JSON objects. So a reset forgets all of it and
 * a state file holds all of it, whatever APIs there are.
 */
export type Memory = {
  collection<T>(name: string): Map<string, T>
  clear(): void
  save(): Record<string, [string, unknown][]>
  load(saved: Record<string, [string, unknown][]>): void
}

export function createMemory(): Memory {
  const collections = new Map<string, Map<string, unknown>>()
  const collection = (name: string) => {
    const found = collections.get(name) ?? new Map<string, unknown>()
    collections.set(name, found)
    return found
  }
  return {
    collection: <T>(name: string) => collection(name) as Map<string, T>,
    // Emptied, not replaced: others hold on to the maps.
    clear: () => collections.forEach((found) => found.clear()),
    save: () => Object.fromEntries([...collections].map(([name, found]) => [name, [...found]])),
    load: (saved) =>
      Object.entries(saved).forEach(([name, entries]) =>
        entries.forEach(([key, value]) => collection(name).set(key, value)),
      ),
  }
}
