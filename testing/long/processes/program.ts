import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'

/** A process that is started, killed and started again. */
export type Program = {
  name: string
  /** Resolves when it says that it is ready. @throws what it said when it ends instead, or takes too long. */
  start(): Promise<void>
  /** `SIGTERM`. Resolves when it has ended. @throws what it said where it did not end well. */
  stop(): Promise<void>
  /** `kill -9`. Resolves when it is gone. */
  kill(): Promise<void>
  /** Holds it up, with all that it has open, until it goes on. */
  freeze(): void
  goOn(): void
  /** Of the process that runs; undefined before it was started. */
  pid(): number | undefined
  /** Kills it for good: nobody starts it again. */
  end(): Promise<void>
  /** How often it ended without having been killed. */
  ownEnds(): number
  /** The last of what it said. */
  said(): string
}

export type ProgramOptions = {
  name: string
  /** This Node by default. */
  program?: string
  /** Asked at each start, where it may be another program by then. */
  argv: string[] | (() => string[])
  environment: Record<string, string>
  /** What it says when it is ready, or how one finds out. */
  ready: string | (() => Promise<boolean>)
  folder: string
  /** Whom it runs as; the same as this process by default. */
  user?: { uid: number; gid: number } | undefined
}

const startMsMax = 120_000
const stopMsMax = 90_000
const saidMax = 20_000

export function createProgram(options: ProgramOptions): Program {
  const { name, program = process.execPath, argv, environment, folder, user } = options
  let child: ChildProcess | undefined
  let isKilled = false
  let isOver = false
  let ownEnds = 0
  let said = ''

  async function start(): Promise<void> {
    if (isOver) throw new Error(`${name} is not to be started again.`)
    said = ''
    isKilled = false
    const started = spawn(program, typeof argv === 'function' ? argv() : argv, {
      cwd: folder,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...user,
    })
    child = started
    for (const stream of [started.stdout, started.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => void (said = (said + text).slice(-saidMax)))
    started.once('exit', () => void (isKilled || ownEnds++))
    await untilReady(started, options, () => said)
  }

  async function stop(): Promise<void> {
    const code = await endBy('SIGTERM', stopMsMax)
    if (code !== 0) throw new Error(`${name} did not end well (${code}):\n${said}`)
  }

  async function endBy(signal: NodeJS.Signals, msMax: number): Promise<number | null> {
    isKilled = true
    if (!child || !isUp(child)) return null
    const gone = once(child, 'exit', { signal: AbortSignal.timeout(msMax) })
    child.kill(signal)
    const [code] = (await gone) as [number | null]
    return code
  }

  return {
    name,
    start,
    stop,
    kill: async () => void (await endBy('SIGKILL', stopMsMax)),
    freeze: () => void child?.kill('SIGSTOP'),
    goOn: () => void child?.kill('SIGCONT'),
    pid: () => child?.pid,
    async end() {
      isOver = true
      await endBy('SIGKILL', stopMsMax)
    },
    ownEnds: () => ownEnds,
    said: () => said,
  }
}

const isUp = ({ exitCode, signalCode }: ChildProcess) => exitCode === null && signalCode === null

/** @throws what it said when it ends instead, or takes too long. */
async function untilReady(child: ChildProcess, { name, ready }: ProgramOptions, said: () => string): Promise<void> {
  const isReady = typeof ready === 'string' ? async () => said().includes(ready) : ready
  const startedAt = performance.now()
  let failure: Error | undefined
  child.once('error', (error) => (failure = error))
  while (!(await isReady())) {
    if (failure) throw failure
    if (!isUp(child)) throw new Error(`${name} ended:\n${said()}`)
    if (performance.now() - startedAt > startMsMax) throw new Error(`${name} did not start:\n${said()}`)
    await wait(50)
  }
}
