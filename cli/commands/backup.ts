import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { saveBackup } from '@lango/server'
import type { Saved } from '@lango/server'
import { backupKey, passphraseOption } from '../backup-key.ts'
import { command, UsageError } from '../command.ts'
import { secretKeyOf } from '../home.ts'
import { onDatabase, withDatabase } from '../installation.ts'

export const backup = command({
  summary: 'saves everything to a file, and proves that it comes back',
  about: `All tables as they are at one moment, compressed and encrypted; payments go on meanwhile. It is proven by restoring it into a
database that is made on the same server and dropped again, or, where the role may make none, by reading it back whole. The
file is there when that went well, and never before. How the last one went is told by lango doctor. Exit code 1 when none was made.

The secret key is NOT in it. Keep LANGO_SECRET_KEY, or LANGO_HOME/secret-key, in another place: without it the backup does not
open, and with a passphrase it opens, but the credentials inside do not.`,
  words: {
    to: {
      what: 'the file, or a folder, in which it is named by its time; the present one by default',
      isOptional: true,
    },
  },
  options: {
    keep: { takes: '<n>', what: 'of the backups in the folder that are named so, leaves the newest only' },
    quick: { what: 'proves it by reading it back, and not by restoring it' },
    'passphrase-file': passphraseOption,
  },
  json: '{"file","at","bytes","rows","proof":"restored"|"read","sums","removed"}',
  examples: ['backup', 'backup /var/backups/lango --keep 30', 'backup before-upgrade.backup --quick'],
  async run({ words: { to = '.' }, options: { keep, quick, 'passphrase-file': passphraseFile } }) {
    const isFolder = existsSync(to) && statSync(to).isDirectory()
    const most = keep === undefined ? undefined : readKeep(keep, isFolder)
    return withDatabase((url, settings) =>
      onDatabase(url, settings, async (context) => {
        const key = backupKey(passphraseFile, secretKeyOf(settings))
        const file = resolve(isFolder ? join(to, nameAt(context.clock.now())) : to)
        const saved = await saveBackup(context, { url, file, key, isQuick: quick })
        const removed = most === undefined ? [] : removeOld(resolve(to), most)
        const { at, bytes, rows, proof, manifest } = saved
        const json = { file, at, bytes, rows, proof, sums: manifest.sums, removed }
        return { json, text: tell(saved, removed) }
      }),
    )
  },
})

const named = /^lango-\d{8}T\d{6}Z\.backup$/

function nameAt(now: Date): string {
  return `lango-${now.toISOString().replace(/[-:]|\.\d+/g, '')}.backup`
}

function readKeep(text: string, isFolder: boolean): number {
  if (!isFolder) throw new UsageError('--keep is for a folder of backups: name the folder, and the file names itself.')
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text)
  throw new UsageError(`--keep takes a number from 1 on, and not "${text}".`)
}

/** Removes the oldest of the backups that named themselves. Others are not ours to judge. */
function removeOld(folder: string, most: number): string[] {
  const old = readdirSync(folder)
    .filter((name) => named.test(name))
    .sort()
    .slice(0, -most)
    .map((name) => join(folder, name))
  for (const file of old) rmSync(file)
  return old
}

function tell({ file, bytes, rows, proof }: Saved, removed: string[]): string {
  const how =
    proof === 'restored'
      ? 'It was restored into a database of its own, compared, and that was dropped.'
      : 'It was read back whole and compared. It was not restored: now and then, try lango restore.'
  return [
    `Saved ${rows} rows in ${file} (${(bytes / 1e6).toFixed(1)} MB).`,
    how,
    'The secret key is not in it: keep it in another place. Without it, nothing in this backup opens.',
    ...(removed.length > 0 ? [`Removed ${removed.length} older than those to keep.`] : []),
  ].join('\n')
}
