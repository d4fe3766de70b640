import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openSimulatedRegisters } from '../simulated/registers.ts'
import { cached } from './cached.ts'
import { kenha } from './kenha.ts'
import { licences } from './licences.ts'
import { ntsa } from './ntsa.ts'
import { registers } from './registers.ts'

test('registers are asked once a day or an hour; when they fail, what they said before counts with its age, else nobody knows', async () => {
  const simulated = await openSimulatedRegisters()
  let at = new Date('2026-11-25T08:00:00Z')
  const asked = registers({ url: simulated.url, patienceMs: 2000, now: () => at })
  const [NTSA, KeNHA, licence] = ['NTSA', 'KeNHA', 'Driving licence'].map((name) => asked[name]!.ask)
  try {
    const known = { kind: 'known', age_minutes: 0 }
    const owner = { ...known, found: 'Simba Haulage Ltd, Isuzu FVZ 2019.', is_flagged: false }
    const tagged = { ...known, found: 'Tagged: Overload, Left without a memo, Gilgil.', is_flagged: true }
    assert.deepEqual(await NTSA!('KBA123T'), owner)
    assert.deepEqual([await KeNHA!('KBA123T'), (await KeNHA!('KBA123X')).kind], [tagged, 'known'])
    const mayDrive = { ...known, found: 'Jane Doe: classes B, CE, until 2099-12-31.', is_flagged: false }
    assert.deepEqual(await licence!('11111111'), mayDrive)
    const isOver = { ...known, found: 'Jane Doe: classes B, CE, expired on 2020-06-30.', is_flagged: true }
    assert.deepEqual(await licence!('11111119'), isOver)
    const older = ntsa({ url: simulated.url, key: 'k', api: 'older' })
    assert.equal((await older('KBA123T', AbortSignal.timeout(1000))).found, 'Simba Haulage Ltd, Isuzu FVZ.')

    for (const manner of ['slow', 'fails'] as const) {
      simulated.behave(manner)
      at = new Date('2026-11-25T08:30:00Z')
      assert.deepEqual(await KeNHA!('KBA123T'), { ...tagged, age_minutes: 30 })
      at = new Date('2026-11-25T10:00:00Z')
      const answers = [KeNHA!('KBA123T'), licence!('11111111'), NTSA!('KCA777A'), licence!('22222222')]
      const [old, kept, ...unknown] = await Promise.all(answers)
      assert.deepEqual(old, { ...tagged, age_minutes: 120 }, 'an old answer, with its age')
      assert.deepEqual(kept, { ...mayDrive, age_minutes: 120 })
      for (const { kind } of unknown) assert.equal(kind, 'unknown')
    }
  } finally {
    simulated.close()
  }
})

test('what registers answer is read in each of its shapes', async () => {
  const tagShapes: [unknown, string, boolean][] = [
    [[], 'No tag.', false],
    [{ has_tag: false }, 'No tag.', false],
    [{ found: true, category: 'Toll', status: 'cleared' }, 'Tagged: Toll.', false],
    [[{ tag_type: 1 }], 'Tagged.', true],
  ]
  const ownerShapes: [unknown, string, boolean][] = [
    [{}, 'NTSA knows no such vehicle.', true],
    [{ owner_name: 'Amina', make: 'Fuso' }, 'Amina, Fuso.', false],
    [{ vehicle: { ownerName: 'Amina', caveatStatus: 'STOLEN' } }, 'Amina. A caveat is on it.', true],
    [{ data: { chassis_no: 'X1', owner_name: ['a list'] } }, 'Its owner is not told.', false],
  ]
  const answering = (answer: unknown) => ({
    url: `data:application/json,${encodeURIComponent(JSON.stringify(answer))}#`,
    key: '',
  })
  const ask = AbortSignal.timeout(1000)
  for (const [answer, found, is_flagged] of tagShapes)
    assert.deepEqual(await kenha(answering(answer))('KBA123T', ask), { found, is_flagged })
  for (const [answer, found, is_flagged] of ownerShapes)
    assert.deepEqual(await ntsa({ ...answering(answer), api: 'older' })('KBA123T', ask), { found, is_flagged })
  const licenceShapes: [unknown, string, boolean][] = [
    [{ found: false }, 'No licence is known of this number.', true],
    [{ name: 'Amina', status: 'suspended' }, 'Amina: suspended.', true],
    [{ classes: ['B'], expires_on: '2026-11-25' }, 'A driver without a name: classes B, until 2026-11-25.', false],
  ]
  for (const [answer, found, is_flagged] of licenceShapes)
    assert.deepEqual(await licences({ ...answering(answer), today: () => '2026-11-25' })('1', ask), {
      found,
      is_flagged,
    })
  const broken = cached(kenha({ url: 'data:text/html,<h1>Maintenance</h1>#', key: '' }), {
    freshMs: 1,
    now: () => new Date(0),
  })
  assert.deepEqual(await broken('KBA123T'), { kind: 'unknown', why: 'It answered something that is no JSON.' })
})
