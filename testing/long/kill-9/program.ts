import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** A process that is started, killed and started again. */
export type Program = {
  name: string
  /** Resolves when it says that it is ready. @throws what it said when it ends instead, or takes too long. */
  start(): Promise<void>
  /** `kill -9`. Resolves when it is gone. */
  kill(): Promise<void>
  /** Kills it for good: nobody starts it again. */
  end(): Promise<void>
  /** How often it ended without having been killed. */
  ownEnds(): number
  /** The last of what it said. */
  said(): string
}

export type ProgramOptions = {
  name: string
  argv: string[]
  environment: Record<string, string>
  ready: string
  folder: string
}

const startMsMax = 60_000
const saidMax = 20_000

export function createProgram({ name, argv, environment, ready, folder }: ProgramOptions): Program {
  let child: ChildProcess | undefined
  let isKilled = false
  let isOver = false
  let ownEnds = 0
  let said = ''

  const isUp = () => child !== undefined && child.exitCode === null && child.signalCode === null

  async function start(): Promise<void> {
    if (isOver) throw new Error(`${name} is not to be started again.`)
    const { promise: isReady, resolve, reject } = Promise.withResolvers<void>()
    said = ''
    isKilled = false
    const started = spawn(process.execPath, argv, {
      cwd: folder,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child = started
    for (const stream of [started.stdout, started.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        said = (said + text).slice(-saidMax)
        if (said.includes(ready)) resolve()
      })
    started.once('error', reject)
    started.once('exit', () => {
      if (!isKilled) ownEnds++
      reject(new Error(`${name} ended:\n${said}`))
    })
    const timer = setTimeout(() => reject(new Error(`${name} did not start:\n${said}`)), startMsMax)
    try {
      await isReady
    } finally {
      clearTimeout(timer)
    }
  }

  async function kill(): Promise<void> {
    isKilled = true
    if (!child || !isUp()) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }

  async function end(): Promise<void> {
    isOver = true
    await kill()
  }

  return { name, start, kill, end, ownEnds: () => ownEnds, said: () => said }
}
