import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, lstatSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../cli/lango.mjs', import.meta.url))
const patienceMs = 90_000

/** What a command did: its exit code, what it answered, and what it said beside that. */
export type Ran = { code: number | null; answer: string; remark: string }

/** A command that goes on, such as `lango start`. */
export type Running = {
  child: ChildProcess
  /** All that it has said, on either stream. */
  said(): string
  /** Resolves when it has said this. @throws when it ends instead, or takes too long. */
  says(what: string | RegExp): Promise<void>
  /** Ends it with a signal, and answers the exit code. */
  end(signal?: NodeJS.Signals): Promise<number | null>
}

/** The command `lango` as a process of its own, with a home and ports of its own. */
export type Lango = {
  home: string
  url: string
  simulatorUrl: string
  environment: Record<string, string>
  run(argv: string[], environment?: Record<string, string>): Promise<Ran>
  start(environment?: Record<string, string>): Running
  /** Begins any command that goes on. */
  begin(argv: string[], environment?: Record<string, string>): Running
  /** Starts, and waits until it is ready. */
  started(environment?: Record<string, string>): Promise<Running>
  /** Calls the API with the demo merchant's key, or another. */
  call(method: string, path: string, body?: unknown, key?: string): Promise<any>
  /** Calls the simulator's control API. */
  control(method: string, path: string, body?: unknown): Promise<any>
  /** Ends what still runs, and removes the home. */
  remove(): Promise<void>
}

export async function installLango(own: Record<string, string> = {}): Promise<Lango> {
  const home = mkdtempSync(join(tmpdir(), 'lango-command-'))
  const [PORT, SIMULATOR_PORT] = await Promise.all([freePort(), freePort()])
  const environment = { ...bareEnvironment(), LANGO_HOME: home, PORT, SIMULATOR_PORT, LOG_LEVEL: 'warn', ...own }
  const [url, simulatorUrl] = [`http://localhost:${PORT}`, `http://localhost:${SIMULATOR_PORT}`]
  const children: Running[] = []

  const begin: Lango['begin'] = (argv, more = {}) => {
    const running = follow(spawnLango(argv, { ...environment, ...more }, home))
    children.push(running)
    return running
  }
  const start: Lango['start'] = (more) => begin(['start'], more)
  return {
    home,
    url,
    simulatorUrl,
    environment,
    start,
    begin,
    async started(more) {
      const running = start(more)
      await running.says('Ctrl-C stops everything.')
      return running
    },
    run: (argv, more = {}) => complete(spawnLango(argv, { ...environment, ...more }, home)),
    async call(method, path, body, key = keptKey(home)) {
      const headers = { 'X-API-Key': key, 'Content-Type': 'application/json' }
      const response = await fetch(url + path, {
        method,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
      })
      return response.json()
    },
    async control(method, path, body) {
      const headers = { 'Content-Type': 'application/json' }
      const response = await fetch(`${simulatorUrl}/_${path}`, {
        method,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
      })
      return response.json()
    },
    async remove() {
      for (const running of children.toReversed()) await running.end()
      // As root, the data are where PostgreSQL's user can reach them.
      const data = join(home, 'database', 'data')
      if (existsSync(data) && lstatSync(data).isSymbolicLink()) rmSync(dirname(realpathSync(data)), { recursive: true })
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** Waits until something holds that no output tells of. */
export async function until(holds: () => boolean | Promise<boolean>, told: () => string = () => ''): Promise<void> {
  const timeout = AbortSignal.timeout(patienceMs)
  while (!(await holds())) {
    if (timeout.aborted) throw new Error(`It never came. ${told()}`)
    await pause(20)
  }
}

export async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return String(port)
}

// The settings of whoever runs the tests are not those of the Lango that they start.
function bareEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !/^(LANGO_|MPESA_|SIMULATOR_|DATABASE_URL|npm_)/.test(entry[0]),
  )
  return Object.fromEntries(entries)
}

function spawnLango(argv: string[], environment: Record<string, string>, cwd: string): ChildProcess {
  // Its own folder, so that no lango.config.json of this machine is read.
  return spawn(process.execPath, [program, ...argv], {
    env: environment,
    cwd: existsSync(cwd) ? cwd : undefined,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

async function complete(child: ChildProcess): Promise<Ran> {
  const ran = { answer: '', remark: '' }
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (ran.answer += text))
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (ran.remark += text))
  const impatience = setTimeout(() => child.kill('SIGINT'), patienceMs)
  const [code] = (await once(child, 'close')) as [number | null]
  clearTimeout(impatience)
  return { code, ...ran }
}

function follow(child: ChildProcess): Running {
  let said = ''
  for (const stream of [child.stdout!, child.stderr!])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  const closed = once(child, 'close')
  const isUp = () => child.exitCode === null && child.signalCode === null
  return {
    child,
    said: () => said,
    async says(what) {
      const has = () => (typeof what === 'string' ? said.includes(what) : what.test(said))
      await until(
        () => has() || !isUp(),
        () => `Lango said:\n${said}`,
      )
      if (!has()) await closed
      if (!has()) throw new Error(`Lango ended, and never said ${what}:\n${said}`)
    },
    async end(signal = 'SIGINT') {
      if (isUp()) child.kill(signal)
      const [code] = (await closed) as [number | null]
      return code
    },
  }
}

/** The key of the demo merchant that a home keeps. */
export function keptKey(home: string): string {
  return (JSON.parse(readFileSync(join(home, 'demo.json'), 'utf8')) as { key: string }).key
}
