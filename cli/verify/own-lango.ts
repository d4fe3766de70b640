import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, lstatSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { demoFile, recallKey } from '../home.ts'

/** A Lango with its simulator, started for as long as it is needed. */
export type OwnLango = { url: string; simulator: string; key: string; end(): Promise<void> }

const program = fileURLToPath(new URL('../lango.mjs', import.meta.url))

/** Starts everything in a home that is thrown away. @throws what it said, when it does not come up. */
export async function startOwn(): Promise<OwnLango> {
  const home = mkdtempSync(join(tmpdir(), 'lango-verify-'))
  const [PORT, SIMULATOR_PORT] = [await freePort(), await freePort()]
  const child = spawn(process.execPath, [program, 'start'], {
    cwd: home,
    env: { ...bareEnvironment(), LANGO_HOME: home, PORT, SIMULATOR_PORT, LOG_LEVEL: 'error' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'exit')
  const end = async () => {
    child.kill('SIGINT')
    await ended
    removeHome(home)
  }
  let said = ''
  const ready = new Promise<boolean>((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (piece) => {
        said += piece
        if (said.includes('Ctrl-C stops everything.')) resolve(true)
      })
    void ended.then(() => resolve(false))
  })
  if (!(await ready)) {
    await end()
    throw new Error(`Lango did not start: ${said.trim().split('\n').at(-1)}`)
  }
  const { key } = recallKey(demoFile({ LANGO_HOME: home }))!
  return { url: `http://localhost:${PORT}`, simulator: `http://localhost:${SIMULATOR_PORT}`, key, end }
}

/** The environment without what would make it another Lango than the one that is wanted. */
function bareEnvironment(): NodeJS.ProcessEnv {
  const ours =
    /^(LANGO_|MPESA_|SIMULATOR_|DATABASE_URL$|PUBLIC_URL$|PORT$|HOST$|SMTP_|TRUSTED_PROXIES$|ALLOWED_NETWORKS$)/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)))
}

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return String(port)
}

function removeHome(home: string): void {
  // As root, the data are where PostgreSQL's user can reach them.
  const data = join(home, 'database', 'data')
  if (existsSync(data) && lstatSync(data).isSymbolicLink()) rmSync(dirname(realpathSync(data)), { recursive: true })
  rmSync(home, { recursive: true, force: true })
}
