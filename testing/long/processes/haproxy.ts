import { readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { freePort } from '../../command.ts'
import { root } from '../../tidy.ts'
import type { Place } from './installation.ts'
import { createProgram } from './program.ts'

/**
 * Starts HAProxy with a file of `deploy/`, as it stands there but for what is of its machine alone: `instead` names each such text,
 * and what stands in its place here. @throws when the file has no such text.
 */
export async function startHaproxy(
  { folder, atEnd }: Place,
  { file, port, instead }: { file: string; port: number; instead: [text: RegExp, replacement: string][] },
): Promise<void> {
  let text = readFileSync(join(root, 'deploy', file), 'utf8')
  for (const [own, replacement] of [[/^\tlog .*\n/gm, ''] as [RegExp, string], ...instead]) {
    if (text.search(own) < 0) throw new Error(`deploy/${file} has nothing like ${own}.`)
    text = text.replace(own, replacement)
  }
  const path = join(folder, file)
  writeFileSync(path, text)
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

/** HAProxy in front of nodes, without TLS; answers its address. */
export async function startNodeProxy(place: Place, nodeUrls: string[]): Promise<string> {
  const port = Number(await freePort())
  const servers = nodeUrls.map((url, index) => `\tserver ${'abc'[index]} ${new URL(url).host}\n`)
  await startHaproxy(place, {
    file: 'haproxy.cfg',
    port,
    instead: [
      [/^\tbind :443 .*\n/m, ''],
      [/^\thttp-request redirect .*\n/m, ''],
      [/^\tbind :80$/m, `\tbind 127.0.0.1:${port}`],
      [/(^\tserver .*\n)+/m, servers.join('')],
    ],
  })
  return `http://127.0.0.1:${port}`
}

/** Whether somebody takes connections there. */
export function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
