import { open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Context } from '../context.ts'
import { keepOfInstallation } from '../database/installation.ts'
import { keyId } from '../secret.ts'
import { onOwnConnection } from './client.ts'
import { newEnvelope } from './envelope.ts'
import type { BackupKey } from './envelope.ts'
import type { Manifest } from './manifest.ts'
import { readWhole } from './read.ts'
import { proveBackup } from './verify.ts'
import type { Proof } from './verify.ts'
import { writeBackup } from './write.ts'

/** A backup that was made, and how it was proven. */
export type Saved = { file: string; at: string; bytes: number; proof: Proof; rows: number; manifest: Manifest }

/** What the installation remembers of its last backup, and of the last that failed. */
export type LastBackup = Pick<Saved, 'file' | 'at' | 'bytes' | 'proof'>
export type LastFailure = { file: string; at: string; because: string }

type Wish = { url: string; file: string; key: BackupKey; isQuick?: boolean }

const turn = 52_649

/**
 * Backs up a database to a file, which is there when the backup is whole and proven, and never before. With `isQuick` it is proven
 * by reading it back, and not by restoring it. The installation remembers how it went.
 * @throws a sentence when it failed; the file is then what it was before.
 */
export async function saveBackup(context: Context, wish: Wish): Promise<Saved> {
  const at = context.clock.now()
  try {
    const saved = await save(context, wish, at)
    const { file, bytes, proof } = saved
    await keepOfInstallation(context, 'last_backup', { file, at: saved.at, bytes, proof } satisfies LastBackup)
    return saved
  } catch (error) {
    const told = explainWriting(error, wish.file)
    const failure: LastFailure = { file: wish.file, at: at.toISOString(), because: (told as Error).message }
    // Where the database is away there is nobody to remember it.
    await keepOfInstallation(context, 'last_backup_failure', failure).catch(() => {})
    throw told
  }
}

async function save({ config }: Context, { url, file, key, isQuick = false }: Wish, at: Date): Promise<Saved> {
  return onOwnConnection(url, async (client) => {
    const { rows: turns } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock($1::bigint) as mine', [
      turn,
    ])
    if (!turns[0]!.mine) throw new Error('Another backup of this database is under way. Try again when it has ended.')
    const unfinished = `${file}.unfinished`
    try {
      const envelope = newEnvelope(key, { madeAt: at, secretKey: keyId(config.secretKeys.current) })
      const manifest = await writeBackup(
        url,
        { envelope, key },
        (await open(unfinished, 'w', 0o600)).createWriteStream(),
      )
      await syncPath(unfinished)
      const written = { file: unfinished, key }
      const proof = isQuick
        ? await readWhole(unfinished, key).then(() => 'read' as const)
        : await proveBackup(client, url, written)
      const { size: bytes } = await stat(unfinished)
      await rename(unfinished, file)
      await syncPath(dirname(file))
      const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0)
      return { file, at: envelope.made_at, bytes, proof, rows, manifest }
    } catch (error) {
      await rm(unfinished, { force: true })
      throw error
    }
  })
}

/** Makes sure that what was written or renamed is still there after a power cut. */
async function syncPath(path: string): Promise<void> {
  // Windows opens no folders.
  if (process.platform === 'win32' && (await stat(path)).isDirectory()) return
  const handle = await open(path, 'r')
  await handle.sync()
  await handle.close()
}

function explainWriting(error: unknown, file: string): unknown {
  const because = {
    ENOSPC: `There is no room left where ${file} is to be.`,
    EDQUOT: `This user may keep no more where ${file} is to be.`,
    EACCES: `This user may not write ${file}.`,
    EPERM: `This user may not write ${file}.`,
    EROFS: `Nothing can be written where ${file} is to be.`,
    ENOENT: `There is no folder ${dirname(file)}.`,
    ENOTDIR: `${dirname(file)} is no folder.`,
    EISDIR: `${file} is a folder.`,
    53100: 'PostgreSQL has no room left to prove the backup by restoring it: make room there, or use --quick.',
  }[(error as { code?: string }).code ?? '']
  const message = because ?? (error instanceof Error ? error.message : String(error))
  return new Error(`No backup was made. ${message}`, { cause: error })
}
