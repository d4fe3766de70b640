import { setTimeout as wait } from 'node:timers/promises'
import type { Merchant, Street } from './street.ts'

/** What goes on until it is ended. `seen` says what it did, for whoever doubts that it was one. */
export type Attack = { end(): Promise<string> }

const silentNames = 20
const everyMs = 50
const csvBytes = 20 * 1024 * 1024

/** A merchant with endpoints under names of which their name server says nothing more, and news for all of them all the time. */
export async function goSilent({ nameServer }: Street, merchant: Merchant): Promise<() => Attack> {
  for (let index = 0; index < silentNames; index++) {
    const name = `${index}.silent.example`
    nameServer.says(name, { addresses: ['127.0.0.1'] })
    await merchant.call('POST', '/v1/webhook-endpoints', { url: `http://${name}:9/hook` })
    nameServer.says(name, 'silence')
  }
  let payments = 0
  return () => {
    nameServer.asked.splice(0)
    return goOn(
      async () => {
        payments++
        const order = { amount: 1 + (payments % 1_000), phone: '0708374149', account_reference: `SILENT${payments}` }
        await Promise.all([merchant.call('POST', '/v1/payments', order), wait(everyMs)])
      },
      () => `${payments} payments told to ${silentNames} silent names (asked ${nameServer.asked.length} times)`,
    )
  }
}

/** A merchant who uploads one statement of 20 MB after the other, made of rows that cost a parser dear. */
export function uploadForever({ url }: Street, { key }: Merchant): Attack {
  const head = 'Receipt No.,Completion Time,Paid In,Withdrawn\n'
  const body = Buffer.from(head + ',\n'.repeat((csvBytes - head.length) / 2))
  const answers: string[] = []
  const upload = async () => {
    const headers = { 'X-API-Key': key, 'Content-Type': 'text/csv' }
    const answer = fetch(`${url}/v1/reconciliation/statements`, { method: 'POST', headers, body })
    answers.push(await answer.then(sentenceOf, (error: Error) => `cut off (${String(error.cause)})`))
  }
  return goOn(upload, () => `${answers.length} statements of 20 MB, answered: ${[...new Set(answers)].join(' | ')}`)
}

async function sentenceOf(response: Response): Promise<string> {
  const { error, data } = (await response.json()) as { error?: { message: string }; data?: { note: string } }
  return `${response.status} ${error?.message ?? data?.note}`
}

function goOn(work: () => Promise<unknown>, seen: () => string): Attack {
  let isOver = false
  const going = (async () => {
    while (!isOver) await work()
  })()
  return {
    async end() {
      isOver = true
      await going
      return seen()
    },
  }
}
