/**
 * Deals items into rounds in which no name occurs twice, keeping their order: what one statement may touch only once
 * is dealt with in as many statements as it occurs.
 */
export function dealRounds<Item>(items: Item[], namesOf: (item: Item) => string[]): Item[][] {
  const rounds: { items: Item[]; taken: Set<string> }[] = []
  for (const item of items) {
    const names = namesOf(item)
    let round = rounds.find(({ taken }) => !names.some((name) => taken.has(name)))
    if (!round) rounds.push((round = { items: [], taken: new Set() }))
    round.items.push(item)
    for (const name of names) round.taken.add(name)
  }
  return rounds.map((round) => round.items)
}
