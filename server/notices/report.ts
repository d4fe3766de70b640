import type { Mode } from '../access/key.ts'
import type { Role } from '../access/role.ts'
import type { Context } from '../context.ts'
import type { Sweep } from '../database/due.ts'
import { eachDue } from '../database/each-due.ts'
import { raw, sql } from '../database/sql.ts'
import { putMail } from '../mail/mail.ts'
import type { NewMail } from '../mail/mail.ts'
import { findMerchants } from '../merchants/merchant.ts'
import type { Merchant } from '../merchants/merchant.ts'
import { mayHaveReports } from '../people/reports.ts'

/** A letter that members of a business have at regular times, if they want it. */
export type Report = {
  /** The column of `memberships` that says when a member is to have the next one. */
  due: 'summary_at' | 'statement_at'
  /** When that will be. */
  next: (now: Date) => Date
  /** What the one of this moment is about: a day, or a month. */
  occasion: (now: Date) => string
  kind: NewMail['kind']
  write: (context: Context, merchant: Merchant, about: About) => Promise<ReportLetter>
}

/** What a report tells of, and to whom. Of which money: of the real one, as soon as the business takes any. */
export type About = { occasion: string; mode: Mode; role: Role }

export type ReportLetter = Omit<NewMail, 'merchant_id' | 'kind' | 'subject_id' | 'occasion' | 'recipient'>

type Due = { merchant_id: string; id: string; role: Role; due_at: Date; email: string }

/** The sweep that writes a report to those for whom it is time. */
export function createReports(name: string, batchSize: number, report: Report): Sweep {
  const due = raw(report.due)
  return {
    name,
    everyMs: 60_000,
    async run(context) {
      const members = await context.database.query<Due>(sql`
        select m.merchant_id, m.user_id as id, m.role, m.${due} as due_at, u.email
        from memberships m join users u on u.id = m.user_id
        where m.${due} <= ${context.clock.now()} order by m.${due} limit ${batchSize}`)
      return eachDue(context, members, { table: 'memberships', due: report.due, id: 'user_id' }, (member) =>
        send(context, report, member),
      )
    },
  }
}

/** Safe to repeat: of one day, or month, each reader has one letter. Where several were missed, the last one alone is told. */
async function send(context: Context, report: Report, { merchant_id, id, role, due_at, email }: Due): Promise<void> {
  const now = context.clock.now()
  const occasion = report.occasion(now)
  const [merchant] = await findMerchants(context, [merchant_id])
  const isWanted = merchant && mayHaveReports(role)
  const letter = isWanted
    ? await report.write(context, merchant, { occasion, mode: await modeOf(context, merchant_id), role })
    : undefined
  await context.database.transaction(async (transaction) => {
    const due = raw(report.due)
    const claimed = await transaction.maybe(sql`
      update memberships set ${due} = ${isWanted ? report.next(now) : null}
      where merchant_id = ${merchant_id} and user_id = ${id} and ${due} = ${due_at} returning 1`)
    if (!claimed || !letter) return
    const about = { merchant_id, kind: report.kind, subject_id: merchant_id, occasion, recipient: email }
    await putMail(transaction, context, { ...about, ...letter })
  })
}

async function modeOf({ database }: Context, merchant_id: string): Promise<Mode> {
  const live = await database.maybe(
    sql`select 1 from provider_accounts where merchant_id = ${merchant_id} and environment = 'live' limit 1`,
  )
  return live ? 'live' : 'test'
}
