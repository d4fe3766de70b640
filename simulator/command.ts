import { readFileSync, statSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { usualKey, usualSecret } from './pesaflow/client.ts'
import { serveSimulator } from './serve.ts'
import { createSimulator } from './simulator.ts'
import type { Simulator } from './simulator.ts'

/** What the command takes: what stands after each flag, and what it is for. */
export const simulatorFlags = {
  port: { takes: '<n>', what: 'where to listen; 4010 by default, 0 takes any that is free' },
  host: { takes: '<name>', what: 'which address to listen on; 127.0.0.1 by default' },
  seed: { takes: '<text>', what: 'makes ids, receipts and faults the same in every run' },
  faults: { takes: '<json>', what: `fault rules: a file, or the JSON itself: '{"rules": […]}'` },
  data: { takes: '<file>', what: 'keeps phones, ledger and the rest in a file' },
  strict: { what: "refuses what Safaricom's sandbox would refuse" },
} as const

function help(): string {
  const lines = Object.entries(simulatorFlags).map(([flag, { what, ...rest }]) => {
    const shown = 'takes' in rest ? `--${flag} ${rest.takes}` : `--${flag}`
    return `  ${shown.padEnd(16)} ${what}`
  })
  return ['A Daraja (M-Pesa) and Pesaflow (eCitizen) simulator with phones that ring.', '', ...lines, ''].join('\n')
}

/** Runs the simulator until it is interrupted. Rejects with a sentence that says what to do when it cannot start. */
export async function runSimulator(argv: string[]): Promise<void> {
  if (argv.includes('--help')) return void process.stdout.write(help())
  const interruption = interrupted()
  const { url, close } = await openSimulator(argv)
  process.stdout.write(
    [
      `M-Pesa simulator: ${url}`,
      `  Daraja   ${url}  any consumer key and secret; short code 174379 with Safaricom's published passkey`,
      `  Pesaflow ${url}  any client number and service; key ${usualKey}, secret ${usualSecret}`,
      `  Phones   ${url}/phone`,
      `  Faults   ${url}/faults`,
      `  Control  ${url}/_/phones  and the rest of the control API`,
      'Ctrl-C stops it.\n',
    ].join('\n'),
  )
  await interruption
  await close()
}

/** Starts what the flags describe. */
export async function openSimulator(
  argv: string[],
): Promise<{ simulator: Simulator; url: string; close(): Promise<void> }> {
  const flags = readFlags(argv)
  const port = readPort(flags.port)
  const simulator = createSimulator({
    ...(flags.seed !== undefined && { seed: flags.seed }),
    ...(flags.data !== undefined && { data: flags.data }),
    strict: flags.strict,
  })
  if (flags.faults !== undefined) simulator.faults.set(readFaults(flags.faults))
  const server = await serveSimulator(simulator, { port, host: flags.host }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EADDRINUSE' ? new Error(`Port ${port} is taken. Choose another with --port.`) : error
  })
  const close = async () => {
    await server.close()
    simulator.close()
  }
  return { simulator, url: server.url, close }
}

function readFlags(argv: string[]) {
  try {
    return parse(argv).values
  } catch (error) {
    // A flag that is mistyped is nobody's bug: a sentence will do, without a stack.
    throw new Error(`${error instanceof Error ? error.message : String(error)}. --help lists the flags.`)
  }
}

const parse = (args: string[]) =>
  parseArgs({
    args,
    options: {
      port: { type: 'string', default: process.env.SIMULATOR_PORT ?? '4010' },
      host: { type: 'string', default: '127.0.0.1' },
      seed: { type: 'string' },
      faults: { type: 'string' },
      data: { type: 'string' },
      strict: { type: 'boolean', default: false },
    },
  })

function readPort(text: string): number {
  const port = Number(text)
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new Error(`${text} is no port. Give a number from 0 to 65535.`)
  return port
}

/** Rules from a file or from the flag itself; what they may be is checked where they are set. */
function readFaults(given: string): Parameters<Simulator['faults']['set']>[0] {
  const text = statSync(given, { throwIfNoEntry: false })?.isFile() ? readFileSync(given, 'utf8') : given
  try {
    return JSON.parse(text) as Parameters<Simulator['faults']['set']>[0]
  } catch {
    throw new Error(
      `--faults ${given} is neither a file nor JSON. Write '{"rules": [{"api": "stkpush", "fault": "drop_callback", "probability": 0.1}]}'.`,
    )
  }
}

const interrupted = () =>
  new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
