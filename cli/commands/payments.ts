import type { Evidence, Payment, PaymentFilter, PaymentStatus } from '@lango/client'
import { clientOptions, withClient } from '../client.ts'
import { command } from '../command.ts'
import type { Noun } from '../command.ts'
import { faint, localTime, paintState, strong, table } from '../paint.ts'
import { limitOption, readLimit } from '../read-limit.ts'

const list = command({
  summary: 'lists payments, newest first',
  options: {
    search: { takes: '<text>', what: 'an id, or the beginning of a receipt, phone or reference' },
    status: { takes: '<status>', what: 'pending, completed, failed or reversed' },
    since: { takes: '<time>', what: 'a day in Nairobi, such as 2026-11-25, or a time' },
    until: { takes: '<time>', what: 'the same, where they end' },
    limit: limitOption,
    ...clientOptions,
  },
  json: '[…], payments as the API shows them',
  examples: ['payments list', 'payments list --status failed --since 2026-11-25', 'payments list --search 0712345678'],
  async run({ options: { search, status, since, until, limit, key, url } }) {
    const filter: PaymentFilter = { search, status: status as PaymentStatus, since, until, limit: readLimit(limit) }
    const { data, has_more } = await withClient({ key, url }, (lango) => lango.payments.list(filter).page())
    const lines = data.map((payment) => [
      faint(localTime(payment.created_at)),
      payment.id,
      `KES ${payment.amount}`.padStart(14),
      paintState(payment.status),
      payment.phone ?? '',
      payment.account_reference,
      payment.provider_receipt ?? payment.failure?.code ?? '',
    ])
    const more = has_more ? faint('\nThere are more: --limit, or --since and --until.') : ''
    return { json: data, text: data.length === 0 ? 'There is none.' : table(lines) + more }
  },
})

const show = command({
  summary: 'shows a payment, and all that was learnt about it',
  words: { payment: { what: 'its id, its M-Pesa code, or your reference' } },
  options: clientOptions,
  json: '{"payment","evidence"}, as the API shows them',
  examples: ['payments show pay_0193a6c177b27d0e8f21c4d5e6f70812', 'payments show UKK7X2M4QA'],
  run: ({ words: { payment: named }, options: { key, url } }) =>
    withClient({ key, url }, async (lango) => {
      const id = named.startsWith('pay_')
        ? named
        : await findOne(lango.payments.list({ search: named, limit: 2 }), named)
      const [payment, evidence] = await Promise.all([lango.payments.get(id), lango.payments.evidence(id)])
      return { json: { payment, evidence }, text: [describe(payment), ...evidence.map(tell)].join('\n') }
    }),
})

async function findOne(found: { page(): Promise<{ data: Payment[] }> }, named: string): Promise<string> {
  const { data } = await found.page()
  if (data.length === 1) return data[0]!.id
  throw new Error(
    data.length === 0
      ? `There is no payment "${named}".`
      : `Several payments begin with "${named}". Name one by its id: ${data.map(({ id }) => id).join(', ')} …`,
  )
}

function describe(payment: Payment): string {
  const facts = {
    amount: `KES ${payment.amount}`,
    received: payment.amount_received,
    refunded: payment.amount_refunded === '0.00' ? null : payment.amount_refunded,
    receipt: payment.provider_receipt,
    phone: payment.phone,
    payer: payment.payer.name,
    reference: payment.account_reference,
    'your reference': payment.external_reference,
    environment: payment.environment,
    failure: payment.failure && `${payment.failure.code}: ${payment.failure.message ?? ''}`,
    'needs attention': payment.needs_attention?.join(', '),
    checkout: payment.checkout_url,
  }
  const rows = Object.entries(facts).flatMap(([name, value]) => (value ? [[`  ${name}`, value]] : []))
  return `${strong(payment.id)}  ${paintState(payment.status)}\n${table(rows)}\n`
}

function tell({ at, source, verdict, effect, provider_code, message }: Evidence): string {
  const said = [provider_code, message].filter(Boolean).join(' ')
  return `${faint(localTime(at))}  ${source.padEnd(9)} ${(verdict ?? 'nothing yet').padEnd(11)}  ${effect}${said ? faint(`  ${said}`) : ''}`
}

export const payments: Noun = { summary: 'payments: list, show', verbs: { list, show } }
