import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Context as HonoContext } from 'hono'
import { later } from '../clock.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { Problem } from '../problem.ts'
import { seal, unseal } from '../secret.ts'

const keptMs = 3_600_000
const pauseMs = 50
const pausesMax = 200

type Sent = { session_id: string; once: string }

/** What was answered, as it is kept. */
type Kept = { status: number; location: string | null; type: string | null; body: string }

/**
 * Carries out a form that came with this word, once: a second one of the same session, as after a double click, waits for the answer
 * to the first, and has it too.
 * @throws a Problem when the first was never answered.
 */
export async function answerOnce(
  c: HonoContext,
  context: Context,
  { sent, carryOut }: { sent: Sent; carryOut: () => Promise<void> },
): Promise<Response | undefined> {
  if (await begin(context, sent)) {
    await carryOut()
    await keep(context, sent, c.res)
    return undefined
  }
  for (let pauses = 0; pauses < pausesMax; pauses++) {
    const { answer } = await context.database.one<{ answer: Buffer | null }>(sql`
      select answer from sent_forms where session_id = ${sent.session_id} and once = ${sent.once}`)
    if (answer) return again(JSON.parse(unseal(context.config.secretKeys, 'sent-form', boundTo(sent), answer)) as Kept)
    await pause(pauseMs)
  }
  throw new Problem(
    'conflict',
    'This form was sent before, and what became of it is not known. Look whether it was done.',
  )
}

/** What a form that was sent is known by: its word, and all that was typed. With other words it is another form. */
export function nameForm(path: string, fields: Record<string, string>): string {
  const said = Object.entries(fields).sort(([one], [other]) => (one < other ? -1 : 1))
  return createHash('sha256')
    .update(JSON.stringify([path, said]))
    .digest('base64url')
}

/** Forgets forms that nobody sends again. Answers how many there were. */
export async function forgetForms({ database, clock }: Context): Promise<number> {
  const gone = await database.query(
    sql`delete from sent_forms where sent_at < ${later(clock.now(), -keptMs)} returning 1`,
  )
  return gone.length
}

async function begin({ database, clock }: Context, { session_id, once }: Sent): Promise<boolean> {
  const begun = await database.maybe(sql`
    insert into sent_forms (session_id, once, sent_at) values (${session_id}, ${once}, ${clock.now()})
    on conflict do nothing returning once`)
  return begun !== undefined
}

async function keep({ database, config }: Context, sent: Sent, response: Response): Promise<void> {
  const kept: Kept = {
    status: response.status,
    location: response.headers.get('Location'),
    type: response.headers.get('Content-Type'),
    body: await response.clone().text(),
  }
  const answer = seal(config.secretKeys, 'sent-form', boundTo(sent), JSON.stringify(kept))
  await database.query(sql`
    update sent_forms set answer = ${answer} where session_id = ${sent.session_id} and once = ${sent.once}`)
}

function again({ status, location, type, body }: Kept): Response {
  const headers = new Headers()
  if (location !== null) headers.set('Location', location)
  if (type !== null) headers.set('Content-Type', type)
  return new Response(body || null, { status, headers })
}

function boundTo({ session_id, once }: Sent): string {
  return `${session_id} ${once}`
}
