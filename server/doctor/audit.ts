import { hashOf, isOwnSeal, noId } from '../access/audit-seal.ts'
import type { Seal } from '../access/audit-seal.ts'
import { later } from '../clock.ts'
import { dayMs } from '../day.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { firstIdOf, showId } from '../id.ts'
import { finding, findingOf, look } from './finding.ts'
import type { Finding } from './finding.ts'

/** A seal beside what the audit log holds today between the one before it and its own last line. */
type Judged = Omit<Seal, 'sealed_at'> & { has_previous: boolean; since_id: string; found: number; hash_found: Buffer }

const slice = 200

/** Looks at whether the audit log is what was written: every seal, some at a time, against the lines that it holds. */
export async function examineAudit(context: Context): Promise<Finding[]> {
  const wrong = await context.database.eachPart((database) => complaintsOfPart({ ...context, database }))
  return [
    finding(
      'the audit log is what was written',
      'Somebody changed the database by hand. Compare with a backup: lango restore into another LANGO_HOME.',
      wrong.flat(),
    ),
    await examineUnsealed(context),
  ]
}

async function complaintsOfPart(context: Context): Promise<string[]> {
  const wrong: string[] = []
  let unverified: Judged | undefined
  let last: Pick<Judged, 'merchant_id' | 'number'> | undefined = { merchant_id: noId, number: 0 }
  while (last) {
    const judged: Judged[] = await look<Judged>(context, judge(last))
    for (const seal of judged) {
      const own = isOwnSeal(context.config.secretKeys, seal)
      wrong.push(...complaints(seal, own))
      // The newest seal of a merchant vouches for all before it.
      if (unverified && unverified.merchant_id !== seal.merchant_id) wrong.push(notVouchedFor(unverified))
      unverified = own === undefined ? seal : undefined
    }
    last = judged.at(-1)
  }
  if (unverified) wrong.push(notVouchedFor(unverified))
  return wrong
}

function judge({ merchant_id, number }: Pick<Judged, 'merchant_id' | 'number'>) {
  return sql`
    select s.merchant_id, s.number, s.until_id, s.lines, s.hash, s.mac, p.number is not null as has_previous,
      coalesce(p.until_id, ${noId}) as since_id, l.found, l.hash_found
    from (select * from audit_seals where (merchant_id, number) > (${merchant_id}, ${number}::int) order by merchant_id, number limit ${slice}) s
    left join audit_seals p on p.merchant_id = s.merchant_id and p.number = s.number - 1
    cross join lateral (
      select count(*)::int as found, ${hashOf(sql`coalesce(p.hash, ''::bytea)`)} as hash_found from audit_log a
      where a.merchant_id = s.merchant_id and a.id > coalesce(p.until_id, ${noId}) and a.id <= s.until_id
    ) l
    order by s.merchant_id, s.number`
}

function complaints(seal: Judged, own: boolean | undefined): string[] {
  const { merchant_id, number, until_id, lines, found, hash, hash_found, has_previous } = seal
  const of = `of ${showId('mer', merchant_id)} up to ${showId('aud', until_id)}`
  if (own === false) return [`The seal ${number} ${of} was not made by this installation.`]
  if (!has_previous && number > 1) return [`The seal before the seal ${number} ${of} is gone.`]
  if (found < lines) return [`${lines - found} of the ${lines} lines ${of} that were sealed together are gone.`]
  if (found > lines) return [`${found - lines} were put among the ${lines} lines ${of} that were sealed together.`]
  return hash.equals(hash_found) ? [] : [`Of the ${lines} lines ${of} that were sealed together, one was changed.`]
}

function notVouchedFor({ merchant_id, number }: Judged): string {
  return `The last seal of ${showId('mer', merchant_id)}, ${number}, is of a secret key that is not here.`
}

async function examineUnsealed(context: Context): Promise<Finding> {
  const bound = firstIdOf(later(context.clock.now(), -dayMs))
  const unsealed = await context.database.eachPart((database) =>
    look<{ id: string }>(
      { ...context, database },
      sql`select m.id from merchants m
        left join lateral (select until_id from audit_seals s where s.merchant_id = m.id order by number desc limit 1) s on true
        where exists (select from audit_log a where a.merchant_id = m.id and a.id > coalesce(s.until_id, ${noId}) and a.id < ${bound})`,
    ),
  )
  const count = unsealed.flat().length
  return findingOf(
    'the audit log is sealed',
    'Start Lango: it seals what was written within some minutes. If it runs, seals were taken away.',
    count === 0 ? {} : { wrong: [`Lines of ${count} merchants are older than a day, and in no seal.`] },
  )
}
