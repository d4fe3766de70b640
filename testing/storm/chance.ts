import type { Random } from '../../simulator/random.ts'

/** One of these, by chance. */
export function pick<Item>(random: Random, items: readonly Item[]): Item {
  return items[random.integer(items.length)]!
}

/** One of these actions, by chance and weight. */
export function weigh<Action>(random: Random, actions: [weight: number, action: Action][]): Action {
  let rest = random.fraction() * actions.reduce((sum, [weight]) => sum + weight, 0)
  return actions.find(([weight]) => (rest -= weight) < 0)![1]
}
