import { createHmac, timingSafeEqual } from 'node:crypto'
import { later } from '../clock.ts'
import type { Context } from '../context.ts'
import { oneRow } from '../database/columns.ts'
import type { Sweep } from '../database/due.ts'
import { eachDue } from '../database/each-due.ts'
import { raw, sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { firstIdOf } from '../id.ts'
import { deriveKey, keyId } from '../secret.ts'
import type { SecretKeys } from '../secret.ts'

/** A link of the chain: what it follows, and every line up to `until_id`. */
export type Seal = {
  merchant_id: string
  number: number
  until_id: string
  lines: number
  hash: Buffer
  mac: Buffer
  sealed_at: Date
}

const linesMax = 1_000
const keyIdBytes = 4

/**
 * A line has its id before it is committed, so one may come behind a later one: what is older than this has come, for no statement
 * takes so long. Until then a line is in no seal.
 */
const settledMs = 5 * 60_000

export const noId = '00000000-0000-0000-0000-000000000000'

/**
 * Seals the lines of the audit log, some minutes after they were written, beside everything else: whoever writes one waits for
 * nobody. Any number of nodes may do it, for a seal of one number is made once.
 */
export const sealAudit: Sweep = {
  name: 'audit seals',
  everyMs: 60_000,
  async run(context) {
    const bound = firstIdOf(later(context.clock.now(), -settledMs))
    const unsealed = (await context.database.eachPart((part) => part.query<Last>(unsealedBefore(bound)))).flat()
    return eachDue(context, unsealed, { table: 'audit_seals' }, (last) => sealNext(context, last, bound))
  },
}

const unsealedBefore = (bound: string) => sql`
  select m.id as merchant_id, coalesce(s.number, 0) as number, coalesce(s.until_id, ${noId}) as until_id, coalesce(s.hash, '') as hash
  from merchants m
  left join lateral (select * from audit_seals s where s.merchant_id = m.id order by number desc limit 1) s on true
  where exists (select from audit_log a
    where a.merchant_id = m.id and a.id > coalesce(s.until_id, ${noId}) and a.id < ${bound})`

type Last = Pick<Seal, 'merchant_id' | 'number' | 'until_id' | 'hash'>

async function sealNext(context: Context, last: Last, bound: string): Promise<void> {
  const { merchant_id, hash: previous } = last
  const number = last.number + 1
  const found = await context.database.one<Pick<Seal, 'until_id' | 'lines' | 'hash'>>(sql`
    select (array_agg(a.id order by a.id desc))[1] as until_id, count(*)::int as lines, ${hashOf(sql`${previous}::bytea`)} as hash
    from (select * from audit_log where merchant_id = ${merchant_id} and id > ${last.until_id} and id < ${bound}
      order by id limit ${linesMax}) a`)
  const seal = { merchant_id, number, ...found }
  const now = context.clock.now()
  await context.database.query(sql`
    insert into audit_seals ${oneRow<Seal>({ ...seal, mac: macOf(context.config.secretKeys.current, seal), sealed_at: now })}
    on conflict do nothing`)
  // Whoever takes the newest seals away, with their lines, is betrayed by the log, which is kept elsewhere.
  context.log.info({ merchant_id, number, hash: found.hash.toString('hex') }, 'The audit log was sealed.')
}

/** The hash over what a seal follows and its lines, as SQL over rows `a` of the audit log. */
export function hashOf(previous: Sql): Sql {
  return sql`sha256(${previous} || coalesce(string_agg(${line}, ''::bytea order by a.id), ''))`
}

// An array of JSON has one text, whatever stands in the columns.
const line =
  raw(`sha256(convert_to(jsonb_build_array(a.merchant_id, a.id, to_char(a.at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'),
  a.actor, a.action, a.subject, a.details)::text, 'UTF8'))`)

type Signed = Pick<Seal, 'merchant_id' | 'number' | 'until_id' | 'lines' | 'hash'>

function macOf(key: Buffer, { merchant_id, number, until_id, lines, hash }: Signed): Buffer {
  const text = `${merchant_id} ${number} ${until_id} ${lines} ${hash.toString('hex')}`
  const mac = createHmac('sha256', deriveKey(key, 'audit-seal')).update(text).digest()
  return Buffer.concat([Buffer.from(keyId(key), 'hex'), mac])
}

/**
 * Whether a seal was made by this installation. Undefined where its key is gone after a rotation: then the seals behind it, which
 * hold its hash, speak for it.
 */
export function isOwnSeal({ current, previous }: SecretKeys, seal: Pick<Seal, 'mac'> & Signed): boolean | undefined {
  const id = seal.mac.toString('hex', 0, keyIdBytes)
  const key = [current, ...previous].find((candidate) => keyId(candidate) === id)
  return key && timingSafeEqual(macOf(key, seal), seal.mac)
}
