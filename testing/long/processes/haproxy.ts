import { readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { freePort } from '../../command.ts'
import { root } from '../../tidy.ts'
import type { Door, Place } from './installation.ts'
import { createProgram } from './program.ts'

/**
 * Starts HAProxy with a file of `deploy/`, as it stands there but for what is of its machine alone: `instead` names each such text,
 * and what stands in its place here. @throws when the file has no such text.
 */
export async function startHaproxy(
  { folder, atEnd }: Place,
  { file, port, instead }: { file: string; port: number; instead: [text: RegExp, replacement: string][] },
): Promise<void> {
  let config = readFileSync(join(root, 'deploy', file), 'utf8')
  for (const [own, replacement] of [[/^\tlog .*\n/gm, ''] as [RegExp, string], ...instead]) {
    if (config.search(own) < 0) throw new Error(`deploy/${file} has nothing like ${own}.`)
    config = config.replace(own, replacement)
  }
  const path = join(folder, file)
  writeFileSync(path, config)
  const program = createProgram({
    name: file,
    program: 'haproxy',
    argv: ['-db', '-f', path],
    environment: {},
    ready: () => answers(port),
    folder,
  })
  atEnd(program.end)
  await program.start()
}

const upMsMax = 120_000

/** HAProxy in front of nodes, without TLS. */
export async function startNodeProxy(place: Place, nodeUrls: string[]): Promise<Door> {
  const port = Number(await freePort())
  const socket = join(place.folder, 'haproxy.sock')
  const servers = nodeUrls.map((url, index) => `\tserver ${'abc'[index]} ${new URL(url).host}\n`)
  await startHaproxy(place, {
    file: 'haproxy.cfg',
    port,
    instead: [
      [/^\tbind :443 .*\n/m, ''],
      [/^\thttp-request redirect .*\n/m, ''],
      [/^\tbind :80$/m, `\tbind 127.0.0.1:${port}`],
      [/(^\tserver .*\n)+/m, servers.join('')],
      [/^global$/m, `global\n\tstats socket ${socket}`],
    ],
  })
  return {
    url: `http://127.0.0.1:${port}`,
    async leadsToAll() {
      const timeout = AbortSignal.timeout(upMsMax)
      while ((await upServers(socket)) < nodeUrls.length) await wait(200, undefined, { signal: timeout })
    },
  }
}

/** How many servers HAProxy takes for up, as its own socket says. */
async function upServers(socket: string): Promise<number> {
  const said = await text(connect(socket).end('show stat\n'))
  return said.split('\n').filter((line) => /^nodes,[a-z],.*,UP,/.test(line)).length
}

/** Whether somebody takes connections there. */
export function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
