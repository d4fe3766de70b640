import { resolve } from 'node:path'
import {
  BadBackup,
  bringUpToDate,
  envelopeOf,
  examineInvariants,
  holdPayouts,
  keyId,
  readSecretKey,
  restoreBackup,
  startEmbedded,
} from '@lango/server'
import type { Settings } from '@lango/server'
import { backupKey, passphraseOption } from '../backup-key.ts'
import { command } from '../command.ts'
import { databaseFolder, findRunning, openHome, presentSecretKey, previousKeysOf } from '../home.ts'
import { onDatabase } from '../installation.ts'
import { loadKnownSettings } from '../settings.ts'
import { report } from './doctor.ts'

export const restore = command({
  summary: 'brings a backup back, into an empty installation',
  about: `All of it or nothing: rows and sums are compared with what was backed up before anything counts. Then the schema is brought
up to date, and the books are examined as by lango doctor. The secret key of the installation must be here already: as
LANGO_SECRET_KEY, or as the file secret-key in LANGO_HOME.

What happened after the backup is not in it. So payouts are off afterwards: those that were still to be sent may have been.
Look at them beside M-Pesa's statement, then let them go on: lango payouts enable. Then run the reconciliation.`,
  words: { file: { what: 'the backup' } },
  options: { 'passphrase-file': passphraseOption },
  json: '{"file","made_at","rows","sums","applied","payouts_off","findings"}',
  examples: ['restore lango-20261120T113000Z.backup'],
  async run({ words, options, say }) {
    const file = resolve(words.file)
    const settings = loadKnownSettings()
    const { made_at, secret_key, key: closedWith } = await envelopeOf(file)
    const own = requireKey(settings, secret_key)
    const key = backupKey(options['passphrase-file'], closedWith === null ? own : requireKey(settings, closedWith))
    return withEmptyHome(settings, async (url) => {
      say(`Restoring what was backed up at ${made_at}.`)
      const manifest = await restoreBackup(url, { file, key })
      const applied = await bringUpToDate(url)
      return onDatabase(url, settings, async (context) => {
        // What was to be sent when the backup was made may have been sent since.
        const payouts_off = await holdPayouts(context)
        const findings = await examineInvariants(context, { all: true })
        const isBad = findings.some(({ state }) => state === 'fix')
        const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0)
        const told = [
          `${rows} rows are back, and add up to what was backed up.`,
          ...(applied.length > 0 ? [`The schema was brought up to date: ${applied.join(', ')}.`] : []),
          ...payouts_off.map(
            (name) => `Payouts of ${name} are off. See which went out since, then: lango payouts enable.`,
          ),
        ]
        const text = [...told, '', report(findings)].join('\n')
        return { json: { file, made_at, rows, sums: manifest.sums, applied, payouts_off, findings }, text, isBad }
      })
    })
  },
})

/** The secret key of this name: the present one, or one that it replaced. @throws when it is not here. */
function requireKey(settings: Settings, name: string): string {
  const present = presentSecretKey(settings)
  if (!present)
    throw new Error(
      `The secret key ${name} is needed, and it is not in the backup. Set LANGO_SECRET_KEY, or put the file secret-key of that installation into ${settings.LANGO_HOME}.`,
    )
  const nameOf = (key: string) => keyId(readSecretKey(key))
  const found = [present, ...previousKeysOf(settings)].find((key) => nameOf(key) === name)
  if (found) return found
  throw new BadBackup(
    `This backup is of an installation with the secret key ${name}, and the one here is ${nameOf(present)}. With another key its credentials do not open. If that key was replaced since, set LANGO_PREVIOUS_SECRET_KEYS to it.`,
  )
}

async function withEmptyHome<Result>(settings: Settings, work: (url: string) => Promise<Result>): Promise<Result> {
  if (settings.DATABASE_URL) return work(settings.DATABASE_URL)
  if (findRunning(settings))
    throw new Error(
      `Lango runs in ${settings.LANGO_HOME}, and its database is not empty. Set LANGO_HOME to a new folder, with the secret-key in it.`,
    )
  openHome(settings)
  const embedded = await startEmbedded({ directory: databaseFolder(settings) })
  try {
    return await work(embedded.url)
  } finally {
    await embedded.stop()
  }
}
