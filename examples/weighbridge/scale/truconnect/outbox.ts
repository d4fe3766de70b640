import { randomUUID } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import type { Now } from '../../clock.ts'

/** Weighings on their way to the cloud. Each carries a `clientLocalId`, by which it is known there however often it is sent. */
export type Outbox = {
  /** Keeps one on the disk; it is sent by the next round. */
  put(weighing: Record<string, unknown>): void
  /** Sends what is due, the oldest first. Never rejects. */
  sendDue(): Promise<void>
  count(): { waiting: number; refused: number }
  close(): void
}

export type OutboxOptions = {
  path: string
  /** Where weighings are posted. */
  url: string
  token?: string
  now: Now
}

const firstWaitMs = 5000
const longestWaitMs = 5 * 60_000

type Row = { id: string; body: string; attempts: number }

/** Opens the queue. What is away, slow, or overrun is tried again for good; what is refused as wrong is kept for a person. */
export function openOutbox({ path, url, token, now }: OutboxOptions): Outbox {
  const database = new DatabaseSync(path)
  database.exec(`pragma journal_mode = wal; pragma synchronous = full;
    create table if not exists outbox (
      id text primary key, body text not null, attempts integer not null default 0, due_at integer, refused text
    ) strict`)
  const put = database.prepare('insert into outbox (id, body, due_at) values (?, ?, ?)')
  const due = database.prepare('select id, body, attempts from outbox where due_at <= ? order by rowid')
  const drop = database.prepare('delete from outbox where id = ?')
  const delay = database.prepare('update outbox set attempts = attempts + 1, due_at = ? where id = ?')
  const refuse = database.prepare('update outbox set due_at = null, refused = ? where id = ?')
  const count = database.prepare('select count(due_at) as waiting, count(refused) as refused from outbox')

  const send = async ({ id, body, attempts }: Row) => {
    const headers = { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) }
    const answer = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(10_000) }).catch(
      () => undefined,
    )
    if (answer?.ok) return void drop.run(id)
    const isWrong = answer && answer.status >= 400 && answer.status < 500 && ![401, 408, 429].includes(answer.status)
    if (isWrong) return void refuse.run(`${answer.status} ${await answer.text().catch(() => '')}`, id)
    delay.run(now().getTime() + Math.min(firstWaitMs * 1.5 ** attempts, longestWaitMs), id)
  }
  let sending: Promise<void> | undefined
  const sendAll = async () => {
    for (const row of due.all(now().getTime()) as Row[]) await send(row)
  }
  return {
    put(weighing) {
      const id = randomUUID()
      put.run(id, JSON.stringify({ ...weighing, clientLocalId: id }), now().getTime())
    },
    // One round at a time: two would send the same twice.
    sendDue: () => (sending ??= sendAll().finally(() => (sending = undefined))),
    count: () => count.get() as { waiting: number; refused: number },
    close: () => database.close(),
  }
}
