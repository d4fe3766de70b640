import assert from 'node:assert/strict'
import { test } from 'node:test'
import { closed, press } from './menu.ts'
import type { Menu } from './menu.ts'

/** Walks the menu: a word is a key, `step=text` an answer. */
const walk = (...keys: string[]): Menu =>
  keys.reduce<Menu>((menu, key) => {
    const [step = '', text] = key.split('=')
    return press(menu, text === undefined ? { name: key } : { name: 'enter', step, text })
  }, closed)

test('a paybill asks for number, account, amount and PIN, and then sends', () => {
  const asked = ['open', 'lipa', 'paybill', 'shortcode=174379', 'reference= INV-204 ', 'amount=1500']
  assert.deepEqual(walk(...asked), {
    screen: 'ask',
    step: 'pin',
    entered: { way: 'paybill', shortcode: '174379', reference: 'INV-204', amount: '1500' },
    complaint: null,
  })
  assert.deepEqual(walk(...asked, 'pin=1234'), {
    screen: 'sending',
    payment: { shortcode: '174379', amount: 1500, reference: 'INV-204', pin: '1234' },
  })
})

test('a till asks for no account', () => {
  assert.deepEqual(walk('open', 'lipa', 'till', 'shortcode=600001', 'amount=20', 'pin=1234'), {
    screen: 'sending',
    payment: { shortcode: '600001', amount: 20, pin: '1234' },
  })
})

const whereKeysLead = [
  [[], 'closed'],
  [['lipa'], 'closed'],
  [['open'], 'mpesa'],
  [['open', 'open'], 'mpesa'],
  [['open', 'back'], 'closed'],
  [['open', 'lipa'], 'lipa'],
  [['open', 'lipa', 'back'], 'mpesa'],
  [['open', 'lipa', 'sell'], 'lipa'],
  [['open', 'lipa', 'paybill'], 'shortcode'],
  [['open', 'lipa', 'paybill', 'back'], 'lipa'],
  [['open', 'lipa', 'paybill', 'close'], 'closed'],
  [['open', 'lipa', 'paybill', 'shortcode=174379', 'back'], 'shortcode'],
  [['open', 'lipa', 'till', 'shortcode=600001', 'amount=5', 'back'], 'amount'],
  [['open', 'lipa', 'till', 'shortcode=600001', 'shortcode=600001'], 'amount'],
  [['open', 'lipa', 'till', 'shortcode=600001', 'amount=5', 'pin=1234', 'back'], 'sending'],
  [['open', 'lipa', 'till', 'shortcode=600001', 'amount=5', 'pin=1234', 'close'], 'closed'],
] as const
for (const [keys, place] of whereKeysLead) {
  test(`${keys.join(' → ') || 'no key'} leads to ${place}`, () => {
    const menu = walk(...keys)
    assert.equal(menu.screen === 'ask' ? menu.step : menu.screen, place)
  })
}

const refusals = [
  ['shortcode=12', 'The number has 5 to 7 digits.'],
  ['shortcode=hello', 'The number has 5 to 7 digits.'],
  ['reference=', 'The account number has 1 to 20 characters.'],
  ['reference=A-REFERENCE-FAR-TOO-LONG', 'The account number has 1 to 20 characters.'],
  ['amount=0', 'Enter whole shillings, 1 or more.'],
  ['amount=12.50', 'Enter whole shillings, 1 or more.'],
  ['pin=12', 'The PIN has four digits.'],
] as const
const good = ['shortcode=174379', 'reference=INV-1', 'amount=10', 'pin=1234']
for (const [entry, complaint] of refusals) {
  test(`"${entry}" is asked for again: ${complaint}`, () => {
    const step = entry.slice(0, entry.indexOf('='))
    const before = good.slice(
      0,
      good.findIndex((answer) => answer.startsWith(step)),
    )
    const menu = walk('open', 'lipa', 'paybill', ...before, entry)
    assert.partialDeepStrictEqual(menu, { screen: 'ask', step, complaint })
  })
}
