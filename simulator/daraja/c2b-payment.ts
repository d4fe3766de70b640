import { createHash } from 'node:crypto'
import { drawFaults } from '../draw-faults.ts'
import type { Struck } from '../faults.ts'
import { isObject } from '../is-object.ts'
import type { LedgerEntry } from '../ledger.ts'
import { readBody } from '../log.ts'
import { timestamp } from '../nairobi.ts'
import { findOrganisation } from '../organisation.ts'
import type { Organisation } from '../organisation.ts'
import { hindrance, payOrganisation, tellHindrance } from '../pay-organisation.ts'
import { findPhone, sendMessage } from '../phone.ts'
import type { Phone } from '../phone.ts'
import { outgoing, postCallback, send } from '../post-callback.ts'
import { notAccepted, wrongPin } from '../sms.ts'
import type { World } from '../world.ts'
import { findC2bUrls } from './c2b-urls.ts'
import type { C2bUrls } from './c2b-urls.ts'

/** What a customer enters at *Lipa na M-PESA*. */
export type MenuPayment = {
  shortcode: string
  amount: number
  /** The account number, at a paybill. At a till there is none. */
  reference: string | null
  /** The phone's own PIN unless another is entered. */
  pin?: string
}

export type MenuOutcome =
  | { status: 'paid'; receipt: string }
  /** `code` is a result code of M-PESA, or that of the organisation's validation. */
  | { status: 'refused'; code: string; reason: string }

const validationMsMax = 8000
const refused = (code: string, reason: string): Refused => ({ status: 'refused', code, reason })

/**
 * A customer pays from the SIM menu: the organisation is asked whether it wants the payment, the money moves, and the
 * confirmation goes out once. Resolves when the money has moved or not; `confirmed` when the confirmation was answered.
 */
export function payFromMenu(
  world: World,
  msisdn: string,
  payment: MenuPayment,
  struck: Struck = drawFaults(world, 'c2b', msisdn),
): Promise<{ outcome: MenuOutcome; confirmed: Promise<void> }> {
  return world.work.track(async () => {
    const paid = await attempt(world, findPhone(world, msisdn), payment)
    const outcome: MenuOutcome = 'status' in paid ? paid : { status: 'paid', receipt: paid.entry.receipt }
    keepOutcome(world, msisdn, outcome)
    if ('status' in paid) return { outcome, confirmed: Promise.resolve() }
    const { entry, thirdPartyTransId } = paid
    const confirmed = world.work.soon(() => confirm(world, entry, { thirdPartyTransId, struck }))
    return { outcome, confirmed }
  })
}

type EndedPayment = { outcome: MenuOutcome; at: string }

/** How the phone's latest payment from the SIM menu ended; undefined if it never made one. */
export const lastPaidFromMenu = (world: World, msisdn: string): EndedPayment | undefined =>
  endedPayments(world).get(msisdn)

/** Remembers how a payment from the SIM menu ended, for the phone to show. */
export function keepOutcome(world: World, msisdn: string, outcome: MenuOutcome): void {
  endedPayments(world).set(msisdn, { outcome, at: world.clock.now().toISOString() })
  world.changed('phones')
}

const endedPayments = (world: World) => world.memory.collection<EndedPayment>('ended-menu-payments')

/** Tells an organisation with registered URLs of a payment that has happened. Resolves when it has been answered. */
export async function confirm(
  world: World,
  entry: LedgerEntry,
  { thirdPartyTransId, struck }: { thirdPartyTransId: string; struck: Struck },
): Promise<void> {
  const { shortcode, msisdn, moves, amount, receipt, reference, at } = entry
  const urls = findC2bUrls(world, shortcode)
  if (urls === undefined || msisdn === null) return
  await postCallback(world, {
    api: 'c2b',
    url: urls.confirmation_url,
    shortcode,
    msisdn,
    body: paymentBody(world, urls, {
      phone: findPhone(world, msisdn),
      isTill: moves[0]?.account === 'Merchant Account',
      amount,
      receipt,
      reference,
      at: new Date(at),
      balance: moves[0]?.balance.toFixed(2) ?? '',
      thirdPartyTransId,
    }),
    struck,
  })
}

type WantedPayment = {
  phone: Phone
  organisation: Organisation
  amount: number
  isTill: boolean
  reference: string | null
  receipt: string
}

type Refused = Extract<MenuOutcome, { status: 'refused' }>
type Paid = { entry: LedgerEntry; thirdPartyTransId: string }

/** Each check that a payment passes on its way, and then the payment. */
async function attempt(world: World, phone: Phone, payment: MenuPayment): Promise<Refused | Paid> {
  const { shortcode, amount, reference, pin = phone.pin } = payment
  const organisation = findOrganisation(world, shortcode)
  if (organisation === undefined) {
    sendMessage(world, phone, notAccepted({ organisation: shortcode }))
    return refused('SFC_IC0003', 'The operator does not exist.')
  }
  if (pin !== phone.pin) {
    sendMessage(world, phone, wrongPin())
    return refused('2001', 'The initiator information is invalid.')
  }
  const isTill = organisation.type === 'till' || reference === null
  const receipt = world.ids.receipt()
  const wanted = { phone, organisation, amount, isTill, reference: isTill ? null : reference, receipt }
  const verdict = hindered(world, wanted) ?? (await validated(world, wanted))
  if ('status' in verdict) return verdict
  // The phone may have paid for something else while the organisation was thinking.
  const late = hindered(world, wanted)
  if (late !== undefined) return late
  const entry = payOrganisation(world, { kind: 'c2b', ...wanted, originator_conversation_id: null })
  return { entry, thirdPartyTransId: verdict.thirdPartyTransId }
}

/** The payment under the limits and within the balance, or why not. */
function hindered(world: World, { phone, organisation, amount }: WantedPayment): Refused | undefined {
  const code = hindrance(world, phone, amount)
  if (code === undefined) return undefined
  tellHindrance(world, phone, code, { amount, organisation: organisation.name })
  return refused(
    code,
    code === '1' ? 'The balance is insufficient for the transaction.' : 'Declined due to limit rule.',
  )
}

/** Whether the organisation wants the payment, where it is asked at all. */
async function validated(world: World, wanted: WantedPayment): Promise<Refused | Accepted> {
  const { phone, organisation } = wanted
  const urls = findC2bUrls(world, organisation.shortcode)
  if (urls === undefined || !world.settings.c2b_validation) return accepted
  const verdict = await askWhetherWanted(world, urls, wanted)
  if ('status' in verdict) sendMessage(world, phone, notAccepted({ organisation: organisation.name }))
  return verdict
}

type Accepted = { thirdPartyTransId: string }

const accepted: Accepted = { thirdPartyTransId: '' }

/** Asks the validation address. Without a readable answer in eight seconds the registered default holds. */
async function askWhetherWanted(world: World, urls: C2bUrls, wanted: WantedPayment): Promise<Refused | Accepted> {
  const { phone, organisation } = wanted
  const entry = outgoing(world, {
    api: 'c2b',
    url: urls.validation_url,
    shortcode: organisation.shortcode,
    msisdn: phone.msisdn,
    body: paymentBody(world, urls, { ...wanted, at: world.clock.now(), balance: '', thirdPartyTransId: '' }),
    struck: new Map(),
  })
  const text = await send(world, entry, validationMsMax)
  const answer = text === null || entry.status !== 200 ? null : readBody(text)
  if (!isObject(answer) || !('ResultCode' in answer)) {
    if (urls.response_type === 'Completed') return accepted
    return refused('C2B00016', 'The validation address did not answer, and the default is Cancelled.')
  }
  const { ResultCode, ResultDesc, ThirdPartyTransID } = answer
  if (String(ResultCode) !== '0') return refused(String(ResultCode), typeof ResultDesc === 'string' ? ResultDesc : '')
  return { thirdPartyTransId: typeof ThirdPartyTransID === 'string' ? ThirdPartyTransID : '' }
}

type Told = {
  phone: Phone
  isTill: boolean
  amount: number
  receipt: string
  reference: string | null
  at: Date
  balance: string
  thirdPartyTransId: string
}

/** The body of validation and confirmation: flat, and every value a text. */
function paymentBody(world: World, urls: C2bUrls, told: Told): Record<string, string> {
  const [firstName = ''] = told.phone.name.split(' ')
  return {
    TransactionType: told.isTill ? 'Buy Goods' : 'Pay Bill',
    TransID: told.receipt,
    TransTime: timestamp(told.at),
    TransAmount: told.amount.toFixed(2),
    BusinessShortCode: urls.shortcode,
    BillRefNumber: told.reference ?? '',
    InvoiceNumber: '',
    OrgAccountBalance: told.balance,
    ThirdPartyTransID: told.thirdPartyTransId,
    MSISDN: payerNumber(world, urls, told.phone.msisdn),
    FirstName: firstName.toUpperCase(),
    MiddleName: '',
    LastName: '',
  }
}

function payerNumber(world: World, { version }: C2bUrls, msisdn: string): string {
  if (version === 1) return createHash('sha256').update(msisdn).digest('hex')
  return world.settings.c2b_masking === 'documented'
    ? `${msisdn.slice(0, 4)} ***** ${msisdn.slice(-3)}`
    : `${msisdn.slice(0, 5)}****${msisdn.slice(-3)}`
}
