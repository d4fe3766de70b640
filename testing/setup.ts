import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './tidy.ts'
import { shareCluster, startTestCluster } from './database.ts'

/** Where the test files of this run leave what each of them would else make anew. */
export const runFolder = 'LANGO_TEST_FOLDER'

let stop: (() => Promise<void>) | undefined

/** Run by `node --test` once, before the first test file. */
export async function globalSetup(): Promise<void> {
  const cluster = await startTestCluster()
  shareCluster(cluster.url)
  const folder = mkdtempSync(join(tmpdir(), 'lango-run-'))
  process.env[runFolder] = folder
  // Some hundreds of processes load the same files: each is stripped of its types and compiled once.
  process.env['NODE_COMPILE_CACHE'] ??= join(root, 'node_modules', '.cache', 'compiled')
  stop = async () => {
    rmSync(folder, { recursive: true, force: true })
    await cluster.stop()
  }
}

/** Run by `node --test` once, after the last test file. */
export async function globalTeardown(): Promise<void> {
  await stop?.()
}
