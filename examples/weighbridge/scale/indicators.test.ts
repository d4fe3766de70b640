import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { speak } from '../simulated/speak.ts'
import { createFrames, readMessage } from './frames.ts'
import type { Frame } from './indicator.ts'
import { indicators } from './indicators.ts'
import type { IndicatorName } from './indicators.ts'
import { createSteadiness } from './steadiness.ts'
import { createVehicleWeight } from './vehicle-weight.ts'

type Fixture = { make: IndicatorName; bytes: string; says: Frame | null; why?: string }

// Frames as the makers' documents and the code of TruConnect have them, in both variants where they differ, and what is none.
const fixtures = JSON.parse(readFileSync(`${import.meta.dirname}/fixtures/frames.json`, 'utf8')) as Fixture[]
const names = Object.keys(indicators) as IndicatorName[]
const isByDeck = (make: IndicatorName) => make === 'cardinal2' || make === '1310'
const isStream = (make: IndicatorName) => make !== 'paw-udp' && make !== 'haenni'

for (const make of names)
  test(`${make}: what its frames say`, () => {
    const own = fixtures.filter((fixture) => fixture.make === make)
    assert.ok(own.some(({ says }) => says) && own.some(({ says }) => !says))
    for (const { bytes, says, why } of own) {
      assert.deepEqual(readMessage(indicators[make], bytes), says ? [says] : [], `${bytes} ${why ?? ''}`)
    }
  })

test('a stream may be cut anywhere, hold two frames at once, begin in the midst of one, and be noise in between', () => {
  for (const make of names.filter(isStream)) {
    const [one, two] = [[5000, 7000], [1250]].map((decksKg) => speak[make]({ decksKg, isMoving: false }))
    const wanted = createFrames(indicators[make])(one! + two!)
    assert.equal(wanted.at(-1)?.decksKg?.[0] ?? wanted[isByDeck(make) ? 4 : 1]?.kg, 1250, make)
    const text = one! + two!
    for (let cut = 1; cut < text.length; cut++) {
      const hear = createFrames(indicators[make])
      assert.deepEqual([...hear(text.slice(0, cut)), ...hear(text.slice(cut))], wanted, `${make} cut at ${cut}`)
    }
    const noise = '\x00\xff~~ 99\x01'
    for (const begin of [3, 7]) {
      const midst = createFrames(indicators[make])(one!.slice(begin) + noise + '\r\n' + two!)
      const kgs = midst.map(({ kg }) => kg)
      assert.ok(
        kgs.every((kg) => [0, 5000, 7000, 12_000, 1250].includes(kg)),
        `${make} made ${kgs.join()} of a half frame`,
      )
    }
    const endless = createFrames(indicators[make])
    assert.deepEqual(endless('9'.repeat(100_000)), [])
    assert.deepEqual(endless(`\r\n${two}`).at(-1), wanted.at(-1))
  }
})

test('decks make a vehicle: by their sum, or by the gross that follows them', () => {
  const bySum = createVehicleWeight()
  assert.equal(bySum({ deck: 1, kg: 1000, isStable: true })?.kg, 1000)
  assert.deepEqual(bySum({ deck: 3, kg: 500, isStable: false }), { kg: 1500, decksKg: [1000, 0, 500], isStable: false })
  assert.deepEqual(bySum({ deck: 3, kg: 400, isStable: true, fault: 'overload' })?.fault, 'overload')
  const byGross = createVehicleWeight()
  byGross({ deck: 1, kg: 1250 })
  assert.deepEqual(byGross({ kg: 5190, isStable: true }), { decksKg: [1250], kg: 5190, isStable: true })
  assert.equal(byGross({ deck: 1, kg: 1260 }), undefined)
})

test('a weight is steady when all weights of a while lie together, and the indicator does not say otherwise', () => {
  const isSteady = createSteadiness({ withinKg: 20, forMs: 1000 })
  const at = (ms: number) => new Date(1_800_000_000_000 + ms)
  const table: [number, Frame, boolean][] = [
    [0, { kg: 5000 }, false],
    [999, { kg: 5010 }, false],
    [1000, { kg: 5020, isStable: true }, true],
    [1100, { kg: 4990 }, false], // It creeps: 30 kg between the least and the most.
    [2100, { kg: 4990 }, true],
    [2200, { kg: 4990, isStable: false }, false],
    [2300, { kg: 4990 }, false],
    [3300, { kg: 4990 }, true],
    [3400, { kg: 0, fault: 'overload' }, false],
    [3500, { kg: 4990 }, false],
    [100, { kg: 4990 }, false], // The clock was set back.
  ]
  for (const [ms, frame, steady] of table) assert.equal(isSteady(frame, at(ms)), steady, `at ${ms} ms`)
})
