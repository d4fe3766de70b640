import { later } from '../clock.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'

const windowMs = 15 * 60_000

/** Where a password is tried from. A browser that its user has signed in with before is known, by a name of its own. */
export type Attempt = { email: string; address: string; device?: string }

type Counted = { subject: string; max: number }

/**
 * Against what an attempt counts. A known browser counts by itself, so that whoever tries the password of another from elsewhere
 * keeps them out nowhere where they have been before; and all the others are let in again when the time is over.
 */
function subjectsOf({ email, address, device }: Attempt): Counted[] {
  if (device !== undefined) return [{ subject: `device ${device}`, max: 10 }]
  const from = networkOf(address)
  return [
    { subject: `account ${email}`, max: 50 },
    { subject: `account ${email} from ${from}`, max: 5 },
    { subject: `address ${from}`, max: 50 },
  ]
}

/** Whoever has one address of IPv6 has the 64 bits behind it, too. */
function networkOf(address: string): string {
  return address.includes(':') ? address.split(':').slice(0, 4).join(':') : address
}

/**
 * Counts an attempt before its password is looked at, so that many at once are counted as well, and answers how many milliseconds
 * it has to wait; 0 for one that may go on.
 */
export async function countAttempt({ database, clock }: Context, attempt: Attempt): Promise<number> {
  const now = clock.now()
  const subjects = subjectsOf(attempt)
  let waitMs = 0
  for (const { subject, max } of subjects) {
    const { count, since } = await database.one<{ count: number; since: Date }>(sql`
      insert into sign_in_attempts as a (subject, count, since) values (${subject}, 1, ${now})
      on conflict (subject) do update set
        count = case when a.since > ${later(now, -windowMs)} then a.count + 1 else 1 end,
        since = case when a.since > ${later(now, -windowMs)} then a.since else excluded.since end
      returning count, since`)
    if (count > max) waitMs = Math.max(waitMs, later(since, windowMs).getTime() - now.getTime())
  }
  return waitMs
}

/** Takes back what an attempt counted that was right: its account begins anew, its address has one less. */
export async function forgiveAttempt({ database }: Context, attempt: Attempt): Promise<void> {
  const subjects = subjectsOf(attempt).map(({ subject }) => subject)
  await database.query(sql`
    update sign_in_attempts set count = case when subject like 'address %' then greatest(0, count - 1) else 0 end
    where subject = any (${subjects}::text[])`)
}

/** Forgets attempts that count no longer. Answers how many there were. */
export async function forgetAttempts({ database, clock }: Context): Promise<number> {
  const gone = await database.query(sql`
    delete from sign_in_attempts where since <= ${later(clock.now(), -windowMs)} returning 1`)
  return gone.length
}
