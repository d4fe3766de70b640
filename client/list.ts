import type { Meta } from './answer.ts'
import type { Query } from './query.ts'

/** One page of a list, newest first. */
export type Page<Item> = { data: Item[]; has_more: boolean; next_cursor: string | null }

/**
 * A list, newest first. Nothing is asked before it is used:
 * `for await (const payment of lango.payments.list())` reads on, page by page, until it ends or you leave the loop;
 * `await lango.payments.list({ limit: 20 }).page()` is one page, and `page(next_cursor)` the next.
 */
export type List<Item> = AsyncIterable<Item> & { page(cursor?: string | null): Promise<Page<Item>> }

/** What every list takes. */
export type Paging = {
  /** How many on a page, at most 100. */
  limit?: number
}

const pageItemsMax = 100

export function createList<Item>(
  filter: Query,
  ask: (query: Query) => Promise<{ data: Item[]; meta: Meta }>,
): List<Item> {
  const page = async (query: Query): Promise<Page<Item>> => {
    const { data, meta } = await ask(query)
    return { data, has_more: meta.has_more ?? false, next_cursor: meta.next_cursor ?? null }
  }
  return {
    page: (cursor) => page({ ...filter, cursor: cursor ?? undefined }),
    async *[Symbol.asyncIterator]() {
      let cursor: string | null | undefined
      do {
        const { data, next_cursor } = await page({ limit: pageItemsMax, ...filter, cursor: cursor ?? undefined })
        yield* data
        cursor = next_cursor
      } while (cursor)
    },
  }
}
