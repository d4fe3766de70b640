import fc from 'fast-check'
import { complaintsOfDoctor } from '../complaints-of-doctor.ts'
import { atOnce } from '../at-once.ts'
import { brokenRequests } from '../requests/broken.ts'
import { callbackAbout } from '../requests/callbacks.ts'
import { requestTo } from '../requests/generate.ts'
import type { Generated } from '../requests/generate.ts'
import { oddly, visitTo } from '../requests/oddities.ts'
import { operationsOf } from '../requests/operations.ts'
import { uploadOf } from '../requests/statements.ts'
import { complaintOf, complaintOfBytes, isLate, isUpload } from './judge.ts'
import { prepare } from './prepare.ts'
import type { Known } from './prepare.ts'
import { createClient, sendBytes } from './send.ts'
import type { Client } from './send.ts'
import { openTarget } from './target.ts'
import type { Target, Weight } from './target.ts'

/** What came of it. `complaints` is empty when all is well. */
export type FuzzReport = {
  requests: number
  byStatus: Record<string, number>
  slowestMs: number
  slowestUploadMs: number
  /** How many answers took more than a second among the others, and less when their request was sent again alone. */
  late: number
  before: Weight
  after: Weight
  complaints: string[]
}

export type FuzzOptions = {
  requests: number
  /** The same seed makes the same requests, but for the ids in them. */
  seed: number
  connections?: number
  progress?: (sentence: string) => void
}

const portion = 500

/**
 * Sends generated requests, valid, nearly valid and absurd, to every route, to the addresses of callbacks and to those of pages, of
 * a server in a process of its own; and judges each answer, what the server weighs before and after, what it said, and its books.
 */
export async function fuzz({
  requests,
  seed,
  connections = 12,
  progress = () => {},
}: FuzzOptions): Promise<FuzzReport> {
  const target = await openTarget()
  const client = createClient(target.url, connections)
  try {
    const known = await prepare(target, Math.max(30, Math.min(600, Math.round(requests / 100))))
    const all = await everything(target, known)
    const report = emptyReport()
    const run: Run = { client, report, lateOnes: [] }
    const warmUp = Math.min(Math.round(requests / 10), 3_000)
    // Statements of one merchant are read one after the other: all else does not wait for them.
    let shown = 0
    let uploading: Promise<unknown> = Promise.resolve()
    for (let sofar = 0; sofar < requests; sofar += portion) {
      if (sofar <= warmUp) report.before = await target.weigh()
      const count = Math.min(portion, requests - sofar)
      const generated = fc.sample(all, { numRuns: count, seed: seed * 1_000_000 + sofar })
      const numbered = generated.map((request, index) => ({ request: withKey(request, target), number: sofar + index }))
      const send = (some: Numbered[], atMost: number) => atOnce(some, atMost, (each) => ask(run, each))
      const [uploads, others] = parted(numbered, ({ request }) => isUpload(request))
      uploading = uploading.then(() => send(uploads, 2))
      await send(others, connections)
      await askLateAgain(run)
      progress([`${sofar + count} requests`, ...report.complaints.slice(shown)].join('\n  '))
      shown = report.complaints.length
    }
    await uploading
    for (const [what, text] of brokenRequests) {
      const complaint = complaintOfBytes(await sendBytes(target.url, text))
      if (complaint) report.complaints.push(`${what}: ${complaint}`)
    }
    await conclude(target, report)
    progress(['at the end', ...report.complaints.slice(shown)].join('\n  '))
    return report
  } finally {
    client.close()
    await target.end()
  }
}

/** Requests to all that a server has, in the measure in which each is worth asking. */
async function everything({ call }: Target, known: Known): Promise<fc.Arbitrary<Generated>> {
  const operations = operationsOf(await call('GET', '/v1/openapi.json'))
  const requests = operations.map((operation) => requestTo(operation, known.ids))
  return oddly(
    fc.oneof(
      { weight: 600, arbitrary: fc.oneof(...requests) },
      { weight: 300, arbitrary: callbackAbout(known.told) },
      { weight: 80, arbitrary: visitTo(known.payments) },
      { weight: 8, arbitrary: uploadOf(known.statements) },
    ),
  )
}

/** A request says itself who asks only where that is what is odd about it. */
function withKey(request: Generated, { key }: Target): Generated {
  const { headers } = request
  return {
    ...request,
    headers: 'X-API-Key' in headers || 'Authorization' in headers ? headers : { 'X-API-Key': key, ...headers },
  }
}

function emptyReport(): FuzzReport {
  const nothing = { used: 0, resident: 0 }
  return {
    requests: 0,
    byStatus: {},
    slowestMs: 0,
    slowestUploadMs: 0,
    late: 0,
    before: nothing,
    after: nothing,
    complaints: [],
  }
}

/** One run: who asks, what came of it so far, and what was answered late. */
type Run = { client: Client; report: FuzzReport; lateOnes: Numbered[] }
type Numbered = { request: Generated; number: number }

function parted<Item>(items: Item[], test: (item: Item) => boolean): [those: Item[], others: Item[]] {
  return [items.filter(test), items.filter((item) => !test(item))]
}

async function ask({ client, report, lateOnes }: Run, { request, number }: Numbered): Promise<void> {
  report.requests++
  try {
    const answer = await client.send(request)
    report.byStatus[answer.status] = (report.byStatus[answer.status] ?? 0) + 1
    const place = isUpload(request) ? 'slowestUploadMs' : 'slowestMs'
    report[place] = Math.max(report[place], Math.round(answer.ms))
    if (isLate(request, answer)) return void lateOnes.push({ request, number })
    const complaint = complaintOf(request, answer)
    if (complaint)
      report.complaints.push(`${complaint}: ${told({ request, number })}\n    ${answer.text.slice(0, 400)}`)
  } catch (error) {
    report.complaints.push(`no answer (${String(error)}): ${told({ request, number })}`)
  }
}

/**
 * On a machine that has more to do than this, any answer may come late. One that is at fault comes late also when nothing else is
 * asked, every time.
 */
async function askLateAgain({ client, report, lateOnes }: Run): Promise<void> {
  for (const { request, number } of lateOnes.splice(0)) {
    let answer = await client.send(request)
    for (let turn = 1; turn < 4 && isLate(request, answer); turn++) answer = await client.send(request)
    if (isLate(request, answer))
      report.complaints.push(
        `answered ${answer.status} after ${Math.round(answer.ms)} ms: ${told({ request, number })}`,
      )
    else {
      report.late++
      const complaint = complaintOf(request, answer)
      if (complaint)
        report.complaints.push(`${complaint}: ${told({ request, number })}\n    ${answer.text.slice(0, 400)}`)
    }
  }
}

function told({ request: { method, path, headers, body }, number }: Numbered): string {
  return `${number}: ${method} ${path.slice(0, 300)} ${JSON.stringify(headers).slice(0, 400)} ${excerpt(body)}`
}

function excerpt(body: Generated['body']): string {
  if (body === undefined) return ''
  const text = typeof body === 'string' ? body : Buffer.from(body).toString('latin1')
  return `${text.length} bytes: ${JSON.stringify(text.slice(0, 600))}`
}

/** How much more a server may hold at the end than when it was warm: what it remembers of names and addresses, and what the garbage collector leaves. */
const usedMbMore = 40
const residentMbMore = 250

async function conclude(target: Target, report: FuzzReport): Promise<void> {
  report.after = await target.weigh()
  const { before, after, complaints } = report
  if (after.used > before.used + usedMbMore) complaints.push(`It held ${before.used} MB, and holds ${after.used} MB.`)
  if (after.resident > before.resident + residentMbMore)
    complaints.push(`It was given ${before.resident} MB by the machine, and now ${after.resident} MB.`)
  complaints.push(...(await complaintsOfDoctor(target.context)))
  const lines = target.running.said().split('\n')
  complaints.push(
    ...lines
      .filter((line) => /"level":[56]0|^\s+at |^Error|[0-9a-f]{48}/.test(line) && !line.includes('sk_test_'))
      .map((line) => `It said: ${line}`),
  )
}
