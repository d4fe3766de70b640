import { concurrently } from '../server/database/concurrently.ts'

/** What the work answers for each item, in their order, at most `limit` at once. */
export async function atOnce<Item, Answer>(
  items: Item[],
  limit: number,
  work: (item: Item, index: number) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = []
  await concurrently([...items.entries()], limit, async ([index, item]) => {
    answers[index] = await work(item, index)
  })
  return answers
}
