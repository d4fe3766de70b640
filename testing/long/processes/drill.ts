import { join } from 'node:path'
import { startEmbedded } from '../../../server/database/embedded/embedded.ts'
import { freePort } from '../../command.ts'
import { startNodeProxy } from './haproxy.ts'
import { assemble } from './installation.ts'
import type { Installation, Parts, Place } from './installation.ts'
import type { Program } from './program.ts'

/**
 * Assembles an installation, does with it what is to be shown, and takes it away again. Where that fails, it tells why, and what the
 * nodes and `others` said last. Ends this process: with 1 where it failed, or where `process.exitCode` says so.
 */
export async function drill(
  parts: Parts,
  show: (installation: Installation) => Promise<void>,
  others: () => Pick<Program, 'name' | 'said'>[] = () => [],
): Promise<never> {
  const installation = await assemble(parts)
  try {
    await show(installation)
  } catch (error) {
    console.log(error)
    for (const { name, said } of [...installation.nodes, ...others()])
      console.log(`${name} said last:\n${said().slice(-3_000)}`)
    process.exitCode = 1
  } finally {
    await installation.end()
  }
  process.exit()
}

/** Nodes behind HAProxy, drained for as long as it needs to notice that one goes, on a PostgreSQL to which nothing happens. */
export const behindProxy = {
  openDatabase: openEmbedded,
  openDoor: startNodeProxy,
  settings: { DRAIN_SECONDS: '3' },
} satisfies Partial<Parts>

async function openEmbedded({ folder, atEnd }: Place): Promise<{ url: string }> {
  const { url, stop } = await startEmbedded({ directory: join(folder, 'database'), port: Number(await freePort()) })
  atEnd(stop)
  return { url }
}
