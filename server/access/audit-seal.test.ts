import assert from 'node:assert/strict'
import { test } from 'node:test'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { everywhere } from '../database/everywhere.ts'
import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { examineAudit } from '../doctor/audit.ts'
import { writeAudit } from './audit.ts'
import { sealAudit } from './audit-seal.ts'

async function wrongs({ context }: Story): Promise<string[]> {
  return (await examineAudit(context)).filter(({ state }) => state === 'fix').flatMap(({ examples }) => examples)
}

/** Does something to the tables, asks the doctor, and puts everything back. */
async function after(told: Story, ...changes: Sql[]): Promise<string[]> {
  const { database } = told.context
  const { lines, seals } = await database.one<{ lines: string; seals: string }>(sql`
    select (select json_agg(a)::text from audit_log a) as lines, (select json_agg(s)::text from audit_seals s) as seals`)
  for (const change of changes) await everywhere(database, change)
  const found = await wrongs(told)
  await database.query(sql`delete from audit_seals`)
  await database.query(sql`delete from audit_log`)
  await database.query(
    sql`insert into audit_log select * from json_populate_recordset(null::audit_log, ${lines}::json)`,
  )
  await database.query(
    sql`insert into audit_seals select * from json_populate_recordset(null::audit_seals, ${seals}::json)`,
  )
  return found
}

test('the audit log is sealed some minutes after it was written, and a line that is changed, removed or put in shows', () =>
  story({}, async (told) => {
    const { context, clock } = told
    const merchant_id = told.merchant.id
    const write = (action: string) =>
      writeAudit(context.database, context, { merchant_id, action, details: { b: 1, aa: 2 } })
    assert.equal(await sealAudit.run(context), 0, 'What was just written is in no seal yet.')
    for (const batch of ['a', 'b', 'c']) {
      for (const number of [1, 2, 3]) await write(`test.${batch}${number}`)
      await clock.advance('6 minutes')
      assert.equal(await sealAudit.run(context), 1)
      assert.equal(await sealAudit.run(context), 0, 'A line is sealed once.')
    }
    assert.deepEqual(await wrongs(told), [])

    const [changed] = await after(told, sql`update audit_log set actor = 'user:somebody' where action = 'test.b2'`)
    assert.match(changed!, /^Of the 3 lines of mer_\w+ up to aud_\w+ that were sealed together, one was changed\.$/)
    const [details] = await after(
      told,
      sql`update audit_log set details = '{"b": 1, "aa": 3}' where action = 'test.c3'`,
    )
    assert.match(details!, /one was changed/)
    const [moved] = await after(
      told,
      sql`update audit_log set at = at + interval '1 microsecond' where action = 'test.a1'`,
    )
    assert.match(moved!, /one was changed/)
    const [removed] = await after(told, sql`delete from audit_log where action = 'test.b2'`)
    assert.match(removed!, /^1 of the 3 lines of .* are gone\.$/)
    const [inserted] = await after(
      told,
      sql`insert into audit_log select merchant_id, 
      (left(id::text, 24) || 'ffffffffffff')::uuid, at, 'x', 'y', null, '{}' from audit_log where action = 'test.b1'`,
    )
    assert.match(inserted!, /^1 were put among the 3 lines/)

    // Whoever makes the chain anew has not the key.
    const hidden = await after(
      told,
      sql`delete from audit_log where action = 'test.c2'`,
      sql`update audit_seals set lines = 2, hash = sha256('') where number = 3`,
    )
    assert.match(hidden[0]!, /^The seal 3 of .* was not made by this installation\.$/)
    const [gone] = await after(told, sql`delete from audit_seals where number = 2`)
    assert.match(gone!, /^The seal before the seal 3 of .* is gone\.$/)
    await clock.advance('2 days')
    assert.deepEqual(await wrongs(told), [])
    assert.match((await after(told, sql`delete from audit_seals`))[0]!, /^Lines of 1 merchants are older than a day/)
  }))
