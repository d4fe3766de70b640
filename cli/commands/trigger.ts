import { setTimeout as wait } from 'node:timers/promises'
import type { EventType, Lango, LangoEvent } from '@lango/client'
import { clientOptions, withClient } from '../client.ts'
import type { Address } from '../client.ts'
import { command, UsageError } from '../command.ts'
import { hint } from '../hint.ts'
import { nearest } from '../nearest.ts'
import { faint, good, table } from '../paint.ts'
import { happenings } from '../trigger/happenings.ts'
import type { Made } from '../trigger/happenings.ts'
import { simulatorUrl } from '../trigger/simulator.ts'

const lookEveryMs = 200
const patienceMs = 60_000

const rows = Object.entries(happenings).map(([type, { what }]) => ({ type, what }))

export const trigger = command({
  summary: 'makes an event happen, through the simulator',
  about: `Nothing is faked: phones are asked, money moves in the simulator, and what follows is told as always. It takes a test key of
a merchant whose account is in the simulator. It can make happen:

${rows.map(({ type, what }) => `  ${type.padEnd(18)} ${what}`).join('\n')}`,
  words: { event: { what: 'its type, such as payment.completed', isOptional: true } },
  options: {
    list: { what: 'lists what can be made to happen' },
    amount: { takes: '<shillings>', what: 'how much; 100 by default' },
    simulator: { takes: '<http…>', what: 'where the simulator is; else the one that runs here' },
    ...clientOptions,
  },
  json: 'the event, as the API shows it',
  examples: ['trigger payment.completed', 'trigger refund.completed --amount 250', 'trigger --list'],
  async run({ words: { event: type }, options: { list, amount = '100', simulator, key, url }, say }) {
    if (list) return { json: rows, text: table(rows.map(({ type: name, what }) => [name, faint(what)])) }
    const happening = happenings[readType(type)]!
    return withClient({ key, url }, async (lango, address) => {
      const { shortcode } = await simulatedAccount(address)
      const made = await happening.make({ lango, simulator: simulatorUrl(simulator), shortcode, amount })
      say(faint(`${made.value}: ${happening.what}. Waiting for ${type} …`))
      const event = await eventOf(lango, type as EventType, made)
      return { json: event, text: `${good(event.type)}  ${event.id}` }
    })
  },
})

function readType(type: string | undefined): EventType {
  if (type !== undefined && Object.hasOwn(happenings, type)) return type as EventType
  const names = Object.keys(happenings)
  if (type === undefined) throw new UsageError(`Say what is to happen: ${names.join(', ')}.`)
  const meant = nearest(type, names)
  throw new UsageError(
    `"${type}" cannot be made to happen.${meant ? ` Did you mean ${meant}?` : ''} There are: ${names.join(', ')}.`,
  )
}

/** The merchant's account, which must be in the simulator: nobody's phone is to ring in earnest. */
async function simulatedAccount({ url, key }: Address): Promise<{ shortcode: string }> {
  if (key.startsWith('sk_live_')) throw new Error('A live key is no key for trigger. Give a test key, sk_test_….')
  const asked = fetch(`${url}/v1/merchant/providers/mpesa`, { headers: { 'X-API-Key': key } })
  const response = await asked.catch(() => {
    throw new Error(`Lango does not answer at ${url}. Start it with ${hint('start')}, or give --url.`)
  })
  const answer = (await response.json()) as {
    data?: { config_summary: { env: string; shortcode: string } }
    error?: { message: string }
  }
  if (!answer.data) throw new Error(answer.error?.message ?? `Lango answered ${response.status}.`)
  const { env, shortcode } = answer.data.config_summary
  if (env === 'simulator') return { shortcode }
  throw new Error(
    `The account of this merchant is in ${env}, where real phones ring. Trigger works in the simulator only.`,
  )
}

/** The event that tells of what was made. */
async function eventOf(lango: Lango, type: EventType, { name, value }: Made): Promise<LangoEvent> {
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += lookEveryMs) {
    const { data } = await lango.events.list({ type, limit: 100 }).page()
    const found = data.find((event) => (event.data as Record<string, unknown>)[name] === value)
    if (found) return found
    await wait(lookEveryMs)
  }
  throw new Error(`${type} has not come within a minute. What became of ${value} is told by lango logs.`)
}
