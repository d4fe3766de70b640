import { formatNairobi } from '@lango/daraja'
import { scopesOf } from '../access/role.ts'
import { countAttention } from '../attention/count.ts'
import { later } from '../clock.ts'
import { boundsOf } from '../day.ts'
import type { Context } from '../context.ts'
import { writeLetter } from '../mail/letter.ts'
import type { Merchant } from '../merchants/merchant.ts'
import { showMoney } from '../web/parts/amount.ts'
import { showDay } from '../web/parts/time.ts'
import { figuresOf } from './day.ts'
import type { DayFigures } from './day.ts'
import { dayBefore, nextMorning } from './morning.ts'
import { createReports } from './report.ts'
import type { About, ReportLetter } from './report.ts'

const weekMs = 7 * 24 * 3_600_000

/** Tells owners and finance who want it, each morning, how the day before was. */
export const summariseDays = createReports('summaries', 20, {
  due: 'summary_at',
  next: nextMorning,
  occasion: dayBefore,
  kind: 'daily_summary',
  write,
})

async function write(
  context: Context,
  merchant: Merchant,
  { occasion: day, mode, role }: About,
): Promise<ReportLetter> {
  const { id: merchant_id, name } = merchant
  const { from, until } = boundsOf(day)
  const [figures, before, waiting] = await Promise.all([
    figuresOf(context, { merchant_id, mode, from, until }),
    figuresOf(context, { merchant_id, mode, from: later(from, -weekMs), until: later(until, -weekMs) }),
    countAttention(context, {
      merchant_id,
      mode,
      scopes: scopesOf(role),
      ...(mode === 'live' && { environment: 'live' }),
    }),
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
