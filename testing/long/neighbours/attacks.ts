import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Merchant, Street } from './street.ts'

/** What goes on until it is ended. `seen` says what it did, for whoever doubts that it was one. */
export type Attack = { end(): Promise<string> }

const silentNames = 20
const everyMs = 50

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

/** A merchant who uploads one statement of 20 MB after the other, made of rows that cost a parser dear, from a process of its own. */
export function uploadForever({ url }: Street, { key }: Merchant): Attack {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'upload.ts'), url, key])
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  return {
    async end() {
      const gone = once(child, 'exit')
      child.kill()
      await gone
      const answers = said.split('\n').filter(Boolean)
      return `${answers.length} statements of 20 MB, answered: ${[...new Set(answers)].join(' | ')}`
    },
  }
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
