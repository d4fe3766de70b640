import { isObject } from '../is-object.ts'
import { readBody } from '../log.ts'
import { logEntry } from '../log-entry.ts'
import type { World } from '../world.ts'

type Question = {
  base_url: string
  shortcode: string
  account_number: string
  consumer_key: string
  consumer_secret: string
}

type Answer = { status: number | null; body: unknown }

/**
 * C2B Hakikisha is the one API that Safaricom calls and a partner hosts. Asks the partner for a token and then whose an
 * account is, as Safaricom does before a customer pays; answers what the partner said.
 */
export async function askAccountName(world: World, asked: Record<string, unknown>): Promise<Answer> {
  const { base_url, shortcode, account_number, consumer_key, consumer_secret } = readQuestion(asked)
  const basic = Buffer.from(`${consumer_key}:${consumer_secret}`).toString('base64')
  const granted = await post(world, `${base_url}/auth/v1/generate?grant_type=client_credentials`, {
    shortcode,
    authorization: `Basic ${basic}`,
  })
  const token = isObject(granted.body) ? granted.body.access_token : undefined
  if (granted.status !== 200 || typeof token !== 'string') return granted
  return post(world, `${base_url}/c2b_hakikisha/v1/notify`, {
    shortcode,
    authorization: `Bearer ${token}`,
    body: {
      requestId: world.ids.uuid(),
      timestamp: String(Math.floor(world.clock.now().getTime() / 1000)),
      accountNumber: account_number,
      shortcode,
    },
  })
}

function readQuestion(asked: Record<string, unknown>): Question {
  const { base_url, shortcode, account_number, consumer_key = 'key', consumer_secret = 'secret', ...rest } = asked
  const [unknown] = Object.keys(rest)
  const known = 'base_url, shortcode, account_number, consumer_key, consumer_secret'
  if (unknown !== undefined) throw new Error(`There is no field ${unknown} here. There are: ${known}.`)
  if (typeof base_url !== 'string' || !/^https?:\/\//.test(base_url)) {
    throw new Error('base_url must be the http or https address before /auth/v1/generate.')
  }
  for (const [name, value] of Object.entries({ shortcode, account_number, consumer_key, consumer_secret })) {
    if (typeof value !== 'string' || value === '') throw new Error(`${name} must be a text.`)
  }
  return { base_url: base_url.replace(/\/$/, ''), shortcode, account_number, consumer_key, consumer_secret } as Question
}

type Posted = { shortcode: string; authorization: string; body?: unknown }

function post(world: World, url: string, { shortcode, authorization, body }: Posted): Promise<Answer> {
  return world.work.track(async () => {
    const text = body === undefined ? '' : JSON.stringify(body)
    const about = {
      direction: 'out',
      api: 'hakikisha',
      method: 'POST',
      url,
      shortcode,
      msisdn: null,
      fault: null,
    } as const
    const entry = logEntry(world, { ...about, text })
    try {
      const response = await world.fetch(url, {
        method: 'POST',
        headers: { Authorization: authorization, 'Content-Type': 'application/json' },
        ...(text !== '' && { body: text }),
      })
      const answer = readBody(await response.text())
      Object.assign(entry, { status: response.status, answer, state: 'done' })
      return { status: response.status, body: answer }
    } catch (error) {
      const answer = error instanceof Error ? error.message : String(error)
      Object.assign(entry, { answer, state: 'failed' })
      return { status: null, body: answer }
    } finally {
      world.changed('log')
    }
  })
}
