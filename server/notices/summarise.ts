import { formatNairobi } from '@lango/daraja'
import type { Mode } from '../access/key.ts'
import { scopesOf } from '../access/role.ts'
import type { Role } from '../access/role.ts'
import { countAttention } from '../attention/count.ts'
import { later } from '../clock.ts'
import { boundsOf } from '../day.ts'
import type { Context } from '../context.ts'
import type { Sweep } from '../database/due.ts'
import { eachDue } from '../database/each-due.ts'
import { sql } from '../database/sql.ts'
import { writeLetter } from '../mail/letter.ts'
import { putMail } from '../mail/mail.ts'
import { findMerchants } from '../merchants/merchant.ts'
import type { Merchant } from '../merchants/merchant.ts'
import { mayHaveReports } from '../people/reports.ts'
import { showMoney } from '../web/parts/amount.ts'
import { showDay } from '../web/parts/time.ts'
import { figuresOf } from './day.ts'
import type { DayFigures } from './day.ts'
import { dayBefore, nextMorning } from './morning.ts'

const batchSize = 20
const weekMs = 7 * 24 * 3_600_000

/** Tells owners and finance who want it, each morning, how the day before was. */
export const summariseDays: Sweep = {
  name: 'summaries',
  everyMs: 60_000,
  async run(context) {
    const due = await context.database.query<Due>(sql`
      select m.merchant_id, m.user_id as id, m.role, m.summary_at as due_at, u.email from memberships m join users u on u.id = m.user_id
      where m.summary_at <= ${context.clock.now()} order by m.summary_at limit ${batchSize}`)
    return eachDue(context, due, { table: 'memberships', due: 'summary_at', id: 'user_id' }, (member) =>
      summarise(context, member),
    )
  },
}

/** A member who is to be told something, and when that was due. */
export type Due = { merchant_id: string; id: string; role: Role; due_at: Date; email: string }

/** Safe to repeat: of one day each reader has one letter. Where days were missed, the last one alone is told. */
async function summarise(context: Context, { merchant_id, id: user_id, role, due_at, email }: Due): Promise<void> {
  const now = context.clock.now()
  const day = dayBefore(now)
  const [merchant] = await findMerchants(context, [merchant_id])
  const isWanted = merchant && mayHaveReports(role)
  const letter = isWanted ? await letterOf(context, merchant, { day, role }) : undefined
  await context.database.transaction(async (transaction) => {
    const claimed = await transaction.maybe(sql`
      update memberships set summary_at = ${isWanted ? nextMorning(now) : null}
      where merchant_id = ${merchant_id} and user_id = ${user_id} and summary_at = ${due_at} returning 1`)
    if (!claimed || !letter) return
    const about = { merchant_id, subject_id: merchant_id, occasion: day, recipient: email }
    await putMail(transaction, context, { ...about, kind: 'daily_summary', ...letter })
  })
}

/** Of which money a business is told: of the real one, as soon as it takes any. */
export async function modeOf({ database }: Context, merchant_id: string): Promise<Mode> {
  const live = await database.maybe(
    sql`select 1 from provider_accounts where merchant_id = ${merchant_id} and environment = 'live' limit 1`,
  )
  return live ? 'live' : 'test'
}

async function letterOf(context: Context, merchant: Merchant, { day, role }: { day: string; role: Role }) {
  const { id: merchant_id, name } = merchant
  const mode = await modeOf(context, merchant_id)
  const { from, until } = boundsOf(day)
  const [figures, before, waiting] = await Promise.all([
    figuresOf(context, { merchant_id, mode, from, until }),
    figuresOf(context, { merchant_id, mode, from: later(from, -weekMs), until: later(until, -weekMs) }),
    countAttention(context, { merchant_id, mode, scopes: scopesOf(role) }),
  ])
  const weekday = weekdays[new Date(`${day}T12:00:00Z`).getUTCDay()]!
  const shown = `${weekday} ${showDay(from, 'en')}`
  const letter = await writeLetter({
    language: 'en',
    from: name,
    color: merchant.color,
    heading: shown,
    sentences: figures.came === 0 ? ['Nothing came on this day.'] : [],
    amount: { label: 'Came in', value: showMoney(figures.came_cents) },
    facts: [
      ...factsOf(figures),
      [`The ${weekday} before`, showMoney(before.came_cents)],
      [
        'Needs somebody',
        waiting === 0 ? 'nothing' : waiting >= 100 ? '100 things, or more' : counted(waiting, 'thing'),
      ],
      ['Test', mode === 'live' ? '' : 'no real money moved'],
    ],
    action: {
      words: waiting > 0 ? 'See what needs somebody' : 'See the day',
      url: `${context.config.publicUrl}${waiting > 0 ? '/attention' : '/'}`,
    },
    foot: [`You asked for this under Your sign-in, where you can end it: ${context.config.publicUrl}/account`],
  })
  const subject = `${name}: ${showMoney(figures.came_cents)} on ${weekday}, ${formatNairobi(from, 'dd.MM.yyyy')}`
  return { sender: 'Lango', reply_to: null, subject, ...letter }
}

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

function factsOf(figures: DayFigures): [string, string][] {
  const { came, unmatched, paid, failed, failure, returned, returned_cents, sent, sent_cents } = figures
  return [
    ['Receipts of M-Pesa', String(came)],
    ['Paid when asked', `${paid} of ${paid + failed}`],
    ['Not paid', failed === 0 ? '' : `${failed}${failure ? `, most of them ${failure.replaceAll('_', ' ')}` : ''}`],
    ['Returned', returned === 0 ? '' : `${showMoney(returned_cents)} in ${counted(returned, 'refund')}`],
    ['Sent out', sent === 0 ? '' : `${showMoney(sent_cents)} in ${counted(sent, 'payout')}`],
    ['Nobody’s yet', unmatched === 0 ? '' : `${counted(unmatched, 'receipt')} that no payment explains`],
  ]
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
