import { shareCluster, startTestCluster } from './database.ts'

let stop: (() => Promise<void>) | undefined

/** Run by `node --test` once, before the first test file. */
export async function globalSetup(): Promise<void> {
  const cluster = await startTestCluster()
  shareCluster(cluster.url)
  stop = cluster.stop
}

/** Run by `node --test` once, after the last test file. */
export async function globalTeardown(): Promise<void> {
  await stop?.()
}
