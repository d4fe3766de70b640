import { lastPaidFromMenu } from '../daraja/c2b-payment.ts'
import type { MenuOutcome } from '../daraja/c2b-payment.ts'
import { findOrganisation } from '../organisation.ts'
import { allPhones, findPhone } from '../phone.ts'
import type { Auto, Phone } from '../phone.ts'
import { lastAnswered, openPrompts, promptsOf } from '../prompts.ts'
import type { World } from '../world.ts'
import { closed } from './menu.ts'
import type { Menu } from './menu.ts'

/** How the latest request or payment on a phone ended. */
export type Happened = { what: 'paid' | 'cancelled' | 'timed_out' | 'wrong_pin' | 'not_paid'; at: string }

/** All that a page shows of one phone. */
export type PhoneView = {
  msisdn: string
  name: string
  balance: number
  pin: string
  auto: Auto
  offline: boolean
  prompt: {
    id: string
    amount: number
    organisation: string
    /** Null at a till, which has no accounts. */
    reference: string | null
    opened_at: string
    expires_at: string
  } | null
  happened: Happened | null
  menu: Menu
  /** Newest first. */
  messages: { at: string; text: string }[]
}

const shelfLength = 24
const messageCountMax = 30

const menus = (world: World) => world.memory.collection<Menu>('phone-menus')

export const menuOf = (world: World, msisdn: string): Menu => menus(world).get(msisdn) ?? closed

export function setMenu(world: World, msisdn: string, menu: Menu): void {
  menus(world).set(msisdn, menu)
  world.changed('phones')
}

export function viewPhone(world: World, msisdn: string): PhoneView {
  const { name, balance, pin, auto, offline, messages } = findPhone(world, msisdn)
  const [prompt] = promptsOf(world, msisdn)
  return {
    msisdn,
    name,
    balance,
    pin,
    auto,
    offline,
    prompt: prompt === undefined ? null : viewPrompt(world, prompt),
    happened: happenedOn(world, msisdn),
    menu: menuOf(world, msisdn),
    messages: messages.slice(-messageCountMax).toReversed(),
  }
}

/** The phones for the shelf, in the order they were made: those that ring, and those where something happened last. */
export function phonesOnShelf(world: World): Phone[] {
  const phones = allPhones(world)
  if (phones.length <= shelfLength) return phones
  const ringing = new Set(openPrompts(world).map(({ msisdn }) => msisdn))
  const rank = ({ msisdn, messages }: Phone) => (ringing.has(msisdn) ? '9' : (messages.at(-1)?.at ?? ''))
  const chosen = new Set(phones.toSorted((a, b) => rank(b).localeCompare(rank(a))).slice(0, shelfLength))
  return phones.filter((phone) => chosen.has(phone))
}

function viewPrompt(world: World, prompt: ReturnType<typeof openPrompts>[number]): PhoneView['prompt'] {
  const { id, amount, shortcode, account_reference, opened_at, expires_at } = prompt
  const organisation = findOrganisation(world, shortcode)
  return {
    id,
    amount,
    organisation: organisation?.name ?? shortcode,
    reference: organisation?.type === 'till' ? null : account_reference,
    opened_at,
    expires_at,
  }
}

function happenedOn(world: World, msisdn: string): Happened | null {
  const answered = lastAnswered(world, msisdn)
  const paid = lastPaidFromMenu(world, msisdn)
  if (paid !== undefined && (answered === undefined || paid.at > answered.at)) {
    return { what: endOfPayment(paid.outcome), at: paid.at }
  }
  return answered === undefined ? null : { what: endOfPrompt(answered), at: answered.at }
}

function endOfPrompt({ kind, outcome }: NonNullable<ReturnType<typeof lastAnswered>>): Happened['what'] {
  if (kind === 'cancelled') return 'cancelled'
  if (kind === 'expired') return 'timed_out'
  if (outcome.result_code === 0) return 'paid'
  return outcome.result_code === 2001 ? 'wrong_pin' : 'not_paid'
}

function endOfPayment(outcome: MenuOutcome): Happened['what'] {
  if (outcome.status === 'paid') return 'paid'
  return outcome.code === '2001' ? 'wrong_pin' : 'not_paid'
}
