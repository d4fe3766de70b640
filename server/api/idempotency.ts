import { createHash } from 'node:crypto'
import type { Context } from '../context.ts'
import { later } from '../clock.ts'
import { oneRow, rows } from '../database/columns.ts'
import { everywhere } from '../database/everywhere.ts'
import { sql } from '../database/sql.ts'
import type { Queryable, Sql } from '../database/sql.ts'
import { Problem } from '../problem.ts'

/** A request that its caller may repeat: the same key and body get the first answer again. */
export type Repeatable = { merchant_id: string; route: string; key: string; request_hash: Buffer }

/** The first request with a key: what it made, and what was answered once that was known. */
export type FirstRequest = Repeatable & {
  object_id: string
  status: number | null
  answer: string | null
  created_at: Date
}

/** A key with the object that is made for it. */
export type ClaimedKey = Omit<FirstRequest, 'status' | 'answer'>

/** What a request that may be repeated has made, as it now is; or the answer that the first request with its key got. */
export type Creation<Made> = { made: Made; isRepeat: boolean } | { answer: string; status: number }

/** How long a request may run before it counts as dead. */
const runningMs = 60_000
const keptMs = 7 * 24 * 3_600_000

/** The route of the rows that guard against a second payment like the first; their keys are no caller's. */
export const guardRoute = 'duplicate'

/** The hash by which two requests are the same: what they say counts, and not the order in which their members say it. */
export function hashRequest(request: unknown): Buffer {
  return createHash('sha256').update(JSON.stringify(request, inOrder)).digest()
}

function inOrder(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)))
}

/**
 * What to answer to a request whose key came before: the first answer, or undefined when the first request died
 * without one, and the caller is to be answered from the object as it now is.
 * @throws a Problem when the key came with another body, or when the first request is still running.
 */
export function replay(
  context: Context,
  first: FirstRequest,
  request: Repeatable,
): { status: number; answer: string } | undefined {
  if (!first.request_hash.equals(request.request_hash)) {
    throw new Problem(
      'idempotency_key_reused',
      {
        said: 'This was asked for before, with something else in it.',
        byApi: 'This Idempotency-Key came with another body: use a new key for a new request.',
      },
      'Idempotency-Key',
    )
  }
  if (first.answer !== null && first.status !== null) return { status: first.status, answer: first.answer }
  if (first.created_at > later(context.clock.now(), -runningMs)) {
    throw new Problem(
      'idempotency_in_progress',
      {
        said: 'The first request is still running. Ask again in a few seconds.',
        byApi: 'It has the same Idempotency-Key.',
      },
      'Idempotency-Key',
    )
  }
  return undefined
}

/**
 * Claims a key for a new object, in the transaction that makes it. False when a request with this key was there before, unless
 * `isFree`, a condition over that record `i`, says that it no longer counts.
 */
export async function claimKey(queryable: Queryable, claim: ClaimedKey, isFree: Sql = sql`false`): Promise<boolean> {
  const { merchant_id, route, key, request_hash, object_id, created_at } = claim
  const claimed = await queryable.maybe(sql`
    insert into idempotency as i ${oneRow<ClaimedKey>({ merchant_id, route, key, request_hash, object_id, created_at })}
    on conflict (merchant_id, route, key) do update set object_id = excluded.object_id, created_at = excluded.created_at
      where ${isFree}
    returning object_id`)
  return claimed !== undefined
}

/** The first requests with these keys. */
export async function findFirstRequests(
  context: Context,
  requests: Pick<Repeatable, 'merchant_id' | 'route' | 'key'>[],
): Promise<(FirstRequest | undefined)[]> {
  const firsts = await context.database.query<FirstRequest>(sql.named`
    select i.* from ${rows(requests, 'r', { merchant_id: 'uuid', route: 'text', key: 'text' })}
    join idempotency i using (merchant_id, route, key)`)
  const nameOf = (r: Pick<Repeatable, 'merchant_id' | 'route' | 'key'>) => `${r.merchant_id} ${r.route} ${r.key}`
  const found = new Map(firsts.map((first) => [nameOf(first), first]))
  return requests.map((request) => found.get(nameOf(request)))
}

/** An answer, to be given again to whoever repeats the request. */
/**
 * What a repeated request is answered: what the first one was, or with what it made, as that now is.
 * @throws a Problem while the first is still running, and for another request with its key.
 */
export async function repeated<Made>(
  context: Context,
  request: Repeatable,
  find: (id: string) => Promise<Made>,
): Promise<Creation<Made>> {
  const [first] = await findFirstRequests(context, [request])
  const known = replay(context, first!, request)
  return known ?? { made: await find(first!.object_id), isRepeat: true }
}

export type Answered = Pick<Repeatable, 'merchant_id' | 'route' | 'key'> & { status: number; answer: string }

/** Keeps answers. The first one stays. */
export async function keepAnswers(context: Context, answers: Answered[]): Promise<void[]> {
  await context.database.query(sql.named`
    update idempotency i set status = a.status, answer = a.answer
    from ${rows(answers, 'a', { merchant_id: 'uuid', route: 'text', key: 'text', status: 'int', answer: 'text' })}
    where i.merchant_id = a.merchant_id and i.route = a.route and i.key = a.key and i.answer is null`)
  return answers.map(() => undefined)
}

/** Forgets keys after seven days. A sweep. */
export async function forgetKeys(context: Context): Promise<number> {
  const old = later(context.clock.now(), -keptMs)
  const forgotten = await everywhere(
    context.database,
    sql`
    delete from idempotency i using (select merchant_id, route, key from idempotency where created_at < ${old} limit 1000) o
    where i.merchant_id = o.merchant_id and i.route = o.route and i.key = o.key returning 1`,
  )
  return forgotten.length
}
