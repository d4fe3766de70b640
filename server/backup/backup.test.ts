import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { booksOf } from '../../testing/books-of.ts'
import { complaintsOfDoctor } from '../../testing/complaints-of-doctor.ts'
import { createEmptyDatabase, urlOf } from '../../testing/database.ts'
import type { TestDatabase } from '../../testing/database.ts'
import { tell } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { describeSchema } from '../database/schema.ts'
import { connect } from '../database/connect.ts'
import { raw, sql } from '../database/sql.ts'
import { examineBackups } from '../doctor/backups.ts'
import { accountOf } from '../accounts/find.ts'
import { readWhole } from './read.ts'
import { restoreBackup } from './restore.ts'
import { saveBackup } from './save.ts'
import type { Saved } from './save.ts'

let told: Story
let url: string
let folder: string
let empty: TestDatabase
const secretKey = Buffer.alloc(32, 7)
const key = { secretKey }
const inFolder = (name: string) => join(folder, name)

before(async () => {
  told = await tell()
  url = await urlOf(told.context.database)
  folder = mkdtempSync(join(tmpdir(), 'lango-backup-'))
  empty = await createEmptyDatabase()
})

after(async () => {
  await empty.drop()
  rmSync(folder, { recursive: true })
  await told.end()
})

async function sell(): Promise<void> {
  await told.pay({ phone: '0708374149' }, { 'Idempotency-Key': crypto.randomUUID() })
  await told.advance('5 seconds')
}

let saved: Saved

test('a backup that is made while payments run holds the books of one moment, and is proven by restoring it', async () => {
  for (const _ of Array.from({ length: 5 })) await sell()
  const [made] = await Promise.all([
    saveBackup(told.context, { url, file: inFolder('a.backup'), key }),
    ...Array.from({ length: 10 }, sell),
  ])
  saved = made
  assert.equal(saved.proof, 'restored')
  assert.deepEqual(readdirSync(folder), ['a.backup'])
  const { count, cents } = saved.manifest.sums.find(({ what }) => what === 'money in')!
  assert.ok(Number(count) >= 5 && Number(cents) === Number(count) * 100_00, `${cents} cents in ${count}`)
  const held = saved.manifest.tables.find(({ table }) => table === 'money_in')!
  assert.equal(held.rows, Number(count))
})

test('a backup that was cut, changed or prolonged, or opens with another key, changes nothing, and says why', async () => {
  const whole = readFileSync(saved.file)
  const head = whole.indexOf('\n') + 1
  const flipped = (at: number) => {
    const copy = Buffer.from(whole)
    copy[at] = copy[at]! ^ 1
    return copy
  }
  const other = { secretKey: Buffer.alloc(32, 8) }
  const passphrase = { passphrase: 'twelve horses run' }
  const cases: [string, Buffer, Parameters<typeof restoreBackup>[1]['key'], RegExp][] = [
    ['cut', whole.subarray(0, whole.length - 9), key, /^The backup was cut off: the file ends within chunk \d+/],
    ['cut after its first line', whole.subarray(0, head), key, /^The backup was cut off/],
    [
      'with a flipped bit at its end',
      flipped(whole.length - 40),
      key,
      /^The backup was changed or damaged at chunk \d+/,
    ],
    ['with a flipped bit at its start', flipped(head + 100), key, /^The backup was changed or damaged at chunk 1:/],
    [
      'with another day in its first line',
      Buffer.from(whole.toString('latin1').replace('2026-11', '2026-10'), 'latin1'),
      key,
      /^The backup was changed or damaged at chunk 1:/,
    ],
    ['prolonged', Buffer.concat([whole, Buffer.from('x')]), key, /goes on after the end of the backup/],
    [
      'with another key',
      whole,
      other,
      /^This backup opens with the secret key [0-9a-f]{8}, and the one here is [0-9a-f]{8}\./,
    ],
    ['with a passphrase', whole, passphrase, /^This backup opens with the secret key, and not with a passphrase\.$/],
    ['that is no backup', Buffer.from('hello\n'), key, /^This is no backup of Lango/],
  ]
  for (const [name, bytes, opens, sentence] of cases) {
    const file = inFolder('bad.backup')
    writeFileSync(file, bytes)
    await assert.rejects(restoreBackup(empty.url, { file, key: opens }), ({ message }) => {
      assert.match(message, sentence, name)
      return true
    })
    // Reading it back, where nothing can be restored, finds the same.
    await assert.rejects(readWhole(file, opens), ({ message }) => sentence.test(message), name)
  }
  rmSync(inFolder('bad.backup'))
  await assert.rejects(readWhole(inFolder('none.backup'), key), {
    message: `There is no file ${inFolder('none.backup')}.`,
  })
})

test('what comes back is what was there: books, credentials, numbers that go on; and never over what is there already', async () => {
  await restoreBackup(empty.url, { file: saved.file, key })
  const database = connect(empty.url, { connections: 2 })
  try {
    const restored = { ...told.context, database }
    const { lango } = await booksOf({ ...told, context: restored })
    const { cents } = saved.manifest.sums.find(({ what }) => what === 'money in')!
    assert.equal(lango, Number(cents) / 100)
    assert.deepEqual(await complaintsOfDoctor(restored), [])
    assert.equal(await describeSchema(database), await describeSchema(told.context.database))
    assert.deepEqual(await database.query(sql`select indexrelid::regclass from pg_index where not indisvalid`), [])
    const payment = await database.query<{ provider_account_id: string }>(sql`select * from payments limit 1`)
    // An answer remembered by the story's own context would prove nothing.
    const account = await accountOf(
      { ...restored, gather: (verb, item) => verb(restored, [item]).then(([one]) => one!) },
      payment[0]!,
    )
    assert.equal(account.shortcode, '174379')
    await assert.rejects(restoreBackup(empty.url, { file: saved.file, key }), {
      message: /^A backup is restored into an empty database only, and empty_\w+ has tables \(allocations, api_keys, /,
    })
    assert.equal((await booksOf({ ...told, context: restored })).lango, lango)
  } finally {
    await database.end()
  }
})

test('a role that may make no database has its backup read back whole; a passphrase closes it too', async () => {
  const role = `reader_${crypto.randomUUID().slice(0, 8)}`
  const { database } = told.context
  await database.query(
    raw(`create role ${role} login password 'plain'; grant select on all tables in schema public to ${role}`),
  )
  try {
    const own = new URL(url)
    own.username = role
    own.password = 'plain'
    const passphrase = { passphrase: 'twelve horses run' }
    const made = await saveBackup(told.context, { url: own.href, file: inFolder('b.backup'), key: passphrase })
    assert.equal(made.proof, 'read')
    await assert.rejects(readWhole(made.file, { passphrase: 'thirteen horses' }), {
      message: /^The passphrase is another/,
    })
    await assert.rejects(readWhole(made.file, key), { message: /opens with a passphrase: give --passphrase-file/ })
  } finally {
    await database.query(raw(`drop owned by ${role}; drop role ${role}`))
  }
})

test('a backup for which there is no room fails loudly, leaves the one before as it was, and the doctor tells of it', async () => {
  const file = inFolder('a.backup')
  const before = readFileSync(file)
  await told.advance('1 minute')
  symlinkSync('/dev/full', `${file}.unfinished`)
  await assert.rejects(saveBackup(told.context, { url, file, key }), {
    message: `No backup was made. There is no room left where ${file} is to be.`,
  })
  assert.deepEqual(readFileSync(file), before)
  assert.equal(existsSync(`${file}.unfinished`), false)
  const failed = await examineBackups(told.context)
  assert.equal(failed.state, 'fix')
  assert.match(failed.examples[0]!, /^The last backup, at 2026-11-20T.* failed: No backup was made\. There is no room/)

  await assert.rejects(saveBackup(told.context, { url, file: inFolder('no/a.backup'), key }), {
    message: /There is no folder/,
  })
  await told.advance('1 minute')
  await saveBackup(told.context, { url, file, key, isQuick: true })
  assert.match((await examineBackups(told.context)).examples[0]!, /0 hours ago, and proven: it was read back whole\.$/)
  await told.advance('27 hours')
  const old = await examineBackups(told.context)
  assert.deepEqual([old.state, old.examples[0]!.slice(0, 32)], ['fix', 'The last backup is 27 hours old:'])
})
