import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import type { Callback } from './callback.ts'

/** A body that was kept and could not be acted on: it may be money, and only a person can tell. */
export type ProblematicCallback = Callback & { problem: string }

/** A body without a valid token, which nothing of ours may believe. */
export type Stray = Pick<Callback, 'id' | 'received_at' | 'path' | 'source_address' | 'headers' | 'body'>

type Page = { limit: number; /** The last id of the page before. */ before?: string }

/** One page of a merchant's callbacks that nobody could act on, newest first. Those that are still tried again are not among them. */
export function listProblems(
  { database }: Context,
  { merchant_id, limit, before }: { merchant_id: string } & Page,
): Promise<ProblematicCallback[]> {
  return database.query<ProblematicCallback>(sql`
    select id, merchant_id, kind, subject_id, received_at, path, source_address, headers, body, problem from callbacks
    where merchant_id = ${merchant_id} and problem is not null and settle_at is null and (${before}::uuid is null or id < ${before})
    order by id desc limit ${limit}`)
}

/** One page of the installation's strays, newest first: they name no merchant. */
export function listStrays({ database }: Context, { limit, before }: Page): Promise<Stray[]> {
  return database.query<Stray>(sql`
    select id, received_at, path, source_address, headers, body from strays
    where ${before}::uuid is null or id < ${before} order by id desc limit ${limit}`)
}
