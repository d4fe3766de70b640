import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createSimulator, serveSimulator } from '../../../simulator/index.ts'

/** A provider in a process of its own, whose ledger survives `kill -9`, with phones that answer soon and the faults of a bad day. */
const { values } = parseArgs({ options: { port: { type: 'string' }, data: { type: 'string' } } })

/** Longer than the simulator takes to write its file. So it never told anybody of money that it has forgotten when it is killed. */
const untilWrittenMs = 300

const simulator = createSimulator({
  data: values.data!,
  promptLifeMs: 4_000,
  fetch: async (input, init) => {
    await wait(untilWrittenMs)
    return fetch(input, init)
  },
})
simulator.faults.set({
  rules: [
    { api: 'stkpush', fault: 'drop_callback', probability: 0.08 },
    { api: 'stkpush', fault: 'duplicate_callback', probability: 0.08 },
    { api: 'stkpush', fault: 'late_callback', probability: 0.08, delay_ms: 3_000 },
    { api: 'stkpush', fault: 'drop_response', probability: 0.04 },
    { api: 'stkpush', fault: 'http_500', probability: 0.02 },
    { api: 'stkpushquery', fault: 'cut', probability: 0.05 },
  ],
})
await serveSimulator(
  {
    ...simulator,
    async fetch(input, init) {
      try {
        return await simulator.fetch(input, init)
      } finally {
        await wait(untilWrittenMs)
      }
    },
  },
  { port: Number(values.port) },
)
process.stdout.write('The simulator is ready.\n')
