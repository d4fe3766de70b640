import { readMsisdn } from './msisdn.ts'
import { dayOf } from './nairobi.ts'
import { shillings } from './shillings.ts'
import type { World } from './world.ts'

/** How a phone answers a prompt by itself; null waits for a person. */
export const autoModes = ['approve', 'cancel', 'wrong_pin', 'ignore', null] as const
export type Auto = (typeof autoModes)[number]

/** A handset with an M-PESA line. The balance is in shillings. */
export type Phone = {
  msisdn: string
  name: string
  balance: number
  pin: string
  auto: Auto
  /** Whether the phone is off or out of reach. */
  offline: boolean
  messages: { at: string; text: string }[]
  /** What was paid on a Nairobi day, for the daily limit. */
  spent: { day: string; amount: number }
}

/** Safaricom's test number, which pays at once here unless `strict`. */
export const testNumber = '254708374149'

/** M-PESA's limits in shillings. */
export const transactionMax = 250_000
export const dailyMax = 500_000

const messageCountMax = 50
const openingBalance = 10_400
const names = [
  'Amina Hassan',
  'Otieno Ouma',
  'Wanjiku Kamau',
  'Kiprono Cheruiyot',
  'Mwende Mutua',
  'Halima Abdi',
  'Barasa Wekesa',
  'Nekesa Simiyu',
]

const phones = (world: World) => world.memory.collection<Phone>('phones')

/** The phone of a number, made when first asked for. */
export function findPhone(world: World, msisdn: string): Phone {
  const found = phones(world).get(msisdn)
  if (found !== undefined) return found
  const made: Phone = {
    msisdn,
    name: names[Number(msisdn.slice(-3)) % names.length] ?? 'Customer',
    balance: openingBalance,
    pin: '1234',
    auto: null,
    offline: false,
    messages: [],
    spent: { day: '', amount: 0 },
  }
  phones(world).set(msisdn, made)
  world.changed('phones')
  return made
}

export const allPhones = (world: World): Phone[] => [...phones(world).values()]

/** The handsets that are there from the start. */
export function seedPhones(world: World): void {
  Object.assign(findPhone(world, '254712345678'), { name: 'Amina Hassan' })
  Object.assign(findPhone(world, '254799000120'), { name: 'Otieno Ouma' })
  Object.assign(findPhone(world, '254722000111'), { name: 'Wanjiku Kamau' })
  const auto: Auto = world.settings.test_number_pays ? 'approve' : 'ignore'
  Object.assign(findPhone(world, testNumber), { name: 'Safaricom Test', balance: 1_000_000_000, auto })
}

/** The test number alone may be asked many times at once, and the same amount again and again. */
export const isExempt = (world: World, msisdn: string): boolean =>
  msisdn === testNumber && world.settings.test_number_pays

/** Changes what is named. Throws a sentence that says what to write instead, and then changes nothing. */
export function setPhone(world: World, spelling: string, changes: Record<string, unknown>): Phone {
  const msisdn = readMsisdn(spelling)
  if (msisdn === undefined) throw new Error(`${spelling} is no Kenyan mobile number. Write it like 0712345678.`)
  const { name, balance, pin, auto, offline, ...rest } = changes
  const [unknown] = Object.keys(rest)
  if (unknown !== undefined)
    throw new Error(`There is no field ${unknown} here. There are: name, balance, pin, auto, offline.`)
  if (name !== undefined && (typeof name !== 'string' || name.trim() === '' || name.length > 60)) {
    throw new Error('name must be a text of 1 to 60 characters.')
  }
  if (balance !== undefined && !(typeof balance === 'number' && balance >= 0 && Number.isFinite(balance))) {
    throw new Error('balance must be a number of shillings, 0 or more.')
  }
  if (pin !== undefined && !(typeof pin === 'string' && /^\d{4}$/.test(pin)))
    throw new Error('pin must be four digits, as a text.')
  if (auto !== undefined && !autoModes.includes(auto as Auto)) {
    throw new Error('auto must be "approve", "cancel", "wrong_pin", "ignore" or null.')
  }
  if (offline !== undefined && typeof offline !== 'boolean') throw new Error('offline must be true or false.')
  const phone = findPhone(world, msisdn)
  Object.assign(phone, {
    ...(name !== undefined && { name }),
    ...(balance !== undefined && { balance: shillings(balance) }),
    ...(pin !== undefined && { pin }),
    ...(auto !== undefined && { auto }),
    ...(offline !== undefined && { offline }),
  })
  world.changed('phones')
  return phone
}

/** Puts an SMS on the phone. */
export function sendMessage(world: World, phone: Phone, text: string): void {
  phone.messages.push({ at: world.clock.now().toISOString(), text })
  if (phone.messages.length > messageCountMax) phone.messages.splice(0, phone.messages.length - messageCountMax)
  world.changed('phones')
}

/** Adds to the balance, or takes from it. What is taken counts towards the day's limit. */
export function moveBalance(world: World, phone: Phone, change: number): void {
  phone.balance = shillings(phone.balance + change)
  if (change < 0) phone.spent = { day: dayOf(world.clock.now()), amount: shillings(spentToday(world, phone) - change) }
  world.changed('phones')
}

/** What may still be paid today. */
export const leftToday = (world: World, phone: Phone): number => Math.max(0, dailyMax - spentToday(world, phone))

const spentToday = (world: World, { spent }: Phone) => (spent.day === dayOf(world.clock.now()) ? spent.amount : 0)
