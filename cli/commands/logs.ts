import type { Delivery, Lango, LangoEvent, Payment } from '@lango/client'
import { clientOptions, withClient } from '../client.ts'
import { command } from '../command.ts'
import type { Answer } from '../command.ts'
import { interruption } from '../interruption.ts'
import { keepAsking, rest } from '../keep-asking.ts'
import { bad, faint, good, localTime, paintState, pending } from '../paint.ts'
import { limitOption, readLimit } from '../read-limit.ts'

/** Something that happened, as a line: `name` is what it is told once by. */
type Happening = { name: string; at: string } & Answer

const lookEveryMs = 1_000
const lookedAt = 100

export const logs = command({
  summary: 'tells what happened just now: payments, events, deliveries',
  options: {
    follow: { what: 'goes on telling, until it is interrupted' },
    limit: limitOption,
    ...clientOptions,
  },
  json: 'a line for each: {"kind":"payment|event|delivery","at", and the object as the API shows it}',
  examples: ['logs', 'logs --follow', 'logs --limit 100 --json'],
  run: ({ options: { follow, limit, key, url }, show, say }) => {
    const count = readLimit(limit)
    return withClient({ key, url }, async (lango) => {
      const found = await look(lango)
      for (const happening of found.slice(-count)) show(happening)
      if (follow) await tellOn(lango, { known: new Set(found.map(({ name }) => name)), show, say })
      else if (found.length === 0) say('Nothing has happened yet.')
    })
  },
})

type Telling = { known: Set<string>; show(one: Answer): void; say(sentence: string): void }

async function tellOn(lango: Lango, { known, show, say }: Telling): Promise<void> {
  const stopping = new AbortController()
  void interruption().then(() => stopping.abort())
  const stopped = stopping.signal
  const ask = keepAsking({
    stopped,
    langoAway: ({ message }) => say(pending(message)),
    langoBack: () => say(good('Lango answers again.')),
  })
  while (!stopped.aborted) {
    await rest(lookEveryMs, stopped)
    const found = await ask(() => look(lango))
    for (const happening of found ?? []) {
      if (known.has(happening.name)) continue
      known.add(happening.name)
      show(happening)
    }
  }
}

/** What happened last of each kind, in order. */
async function look(lango: Lango): Promise<Happening[]> {
  const paging = { limit: lookedAt }
  const [payments, events, deliveries] = await Promise.all([
    lango.payments.list(paging).page(),
    lango.events.list(paging).page(),
    lango.deliveries.list(paging).page(),
  ])
  const all = [...payments.data.map(ofPayment), ...events.data.map(ofEvent), ...deliveries.data.map(ofDelivery)]
  return all.sort((left, right) => (left.at < right.at ? -1 : left.at > right.at ? 1 : 0))
}

function ofPayment(payment: Payment): Happening {
  const { id, created_at: at, amount, phone, account_reference, origin } = payment
  const who = phone ? ` from ${phone}` : ''
  const text = lineOf(at, 'payment', id, `KES ${amount}${who} for ${account_reference} ${faint(`by ${origin}`)}`)
  return { name: id, at, text, json: { kind: 'payment', at, payment } }
}

/** What names what an event is about. */
type Subject = Partial<
  Record<'payment_id' | 'payout_id' | 'run_id' | 'money_in_id' | 'provider_receipt', string | null>
>

function ofEvent(event: LangoEvent): Happening {
  const { id, created_at: at, type } = event
  const { payment_id, payout_id, run_id, money_in_id, provider_receipt } = event.data as Subject
  const subject = payment_id ?? payout_id ?? run_id ?? money_in_id ?? ''
  const text = lineOf(at, 'event', id, `${paintType(type)} ${subject} ${provider_receipt ?? ''}`.trimEnd())
  return { name: id, at, text, json: { kind: 'event', at, event } }
}

function ofDelivery(delivery: Delivery): Happening {
  const { id, event_type, status, attempts, last_status, last_error, delivered_at, created_at, endpoint_id } = delivery
  const at = delivered_at ?? created_at
  const how = status === 'succeeded' ? good(String(last_status)) : paintState(status)
  const said = last_error && status !== 'succeeded' ? ` ${bad(last_error)}` : ''
  const text = lineOf(at, 'delivery', id, `${event_type} to ${endpoint_id}: ${how}${said}`)
  return { name: `${id} ${attempts} ${status}`, at, text, json: { kind: 'delivery', at, delivery } }
}

function lineOf(at: string, kind: string, id: string, what: string): string {
  return `${faint(localTime(at))}  ${kind.padEnd(8)}  ${id}  ${what}`
}

function paintType(type: string): string {
  if (/\.(completed|received|paid)$/.test(type)) return good(type)
  return /\.(failed|mismatch)$/.test(type) ? bad(type) : pending(type)
}
