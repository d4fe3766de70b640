import { isObject } from '../is-object.ts'
import { readMsisdn } from '../msisdn.ts'
import { findPhone, sendMessage } from '../phone.ts'
import type { World } from '../world.ts'
import type { Api, DarajaRequest } from './api.ts'
import { readInvoices, sendInvoice } from './biller-invoices.ts'
import { findBiller, findBillerByKey, findInvoice, saveBiller } from './biller.ts'
import type { Biller } from './biller.ts'
import { conflict } from './conflict.ts'
import { families } from './family.ts'
import { address, optional, pattern, readFields, shortcode, text } from './fields.ts'
import type { Fields, Values } from './fields.ts'
import { taken } from './judgements.ts'
import { refuseAddresses } from './refuse-addresses.ts'
import { invalid, ok, unreadable } from './reply.ts'
import type { Reply } from './reply.ts'

const listMax = 1000

const done = { resmsg: 'Success', rescode: '200' }

type Asked = Pick<DarajaRequest, 'body' | 'warn'> & { biller: Biller | undefined }

function operation(name: string, answer: (world: World, asked: Asked) => Reply): Api {
  return {
    name: 'billmanager',
    method: 'POST',
    path: `/v1/billmanager-invoice/${name}`,
    family: families.billManager,
    answer: (world, request) => answer(world, { ...request, biller: billerOf(world, request) }),
  }
}

/** Who asks. The portal writes the header in two ways. */
function billerOf(world: World, { headers, warn }: DarajaRequest): Biller | undefined {
  const key = headers.get('appKey') ?? headers.get('app_key')
  if (headers.has('app_key')) warn(taken('appKey'))
  return key === null ? undefined : findBillerByKey(world, key)
}

const badKey = () => conflict('Action Forbidden: Invalid consumer key/short code')

function read<F extends Fields>(body: unknown, fields: F, answer: (values: Values<F>) => Reply): Reply {
  if (!isObject(body)) return unreadable()
  const found = readFields(body, fields)
  return 'bad' in found ? invalid(found.bad, found.why) : answer(found.values)
}

const detailFields = {
  shortcode,
  email: text(100),
  officialContact: text(20),
  sendReminders: pattern(/^[01]$/, '1 or 0'),
  logo: optional(text(1_000_000)),
  callbackurl: address,
}

const details = (asked: Values<typeof detailFields>): Omit<Biller, 'app_key'> => ({
  shortcode: asked.shortcode,
  email: asked.email,
  official_contact: asked.officialContact,
  sends_reminders: asked.sendReminders === '1',
  callback_url: asked.callbackurl,
})

const optIn = operation('optin', (world, { body, warn }) =>
  read(body, detailFields, (asked) => {
    const refusal = refuseAddresses(world, asked, warn)
    if (refusal !== undefined) return refusal
    if (findBiller(world, asked.shortcode) !== undefined) return conflict('Action Forbidden: Biller already Registered')
    const { random } = world
    const app_key = `AG_${random.text(10, '0123456789')}_${random.text(9, '0123456789')}${random.text(2, 'ABCDEFGHJK')}`
    saveBiller(world, { app_key, ...details(asked) })
    return ok({ app_key, ...done })
  }),
)

const changeDetails = operation('change-optin-details', (world, { body, biller, warn }) =>
  read(body, detailFields, (asked) => {
    const refusal = refuseAddresses(world, asked, warn)
    if (refusal !== undefined) return refusal
    const found = biller ?? findBiller(world, asked.shortcode)
    if (found === undefined || found.shortcode !== asked.shortcode) return badKey()
    saveBiller(world, { app_key: found.app_key, ...details(asked) })
    return ok(done)
  }),
)

type Many = 'one' | 'many'

/** The one object of the body, or the objects of its list; undefined for what is neither. */
function itemsOf(body: unknown, many: Many): Record<string, unknown>[] | undefined {
  const items: unknown = many === 'one' ? [body] : body
  return Array.isArray(items) && items.length > 0 && items.length <= listMax && items.every(isObject)
    ? items
    : undefined
}

/** Sends invoices, all or none. Safaricom names the changing operations without saying what they take. */
const invoicing = (name: string, many: Many, intent: 'send' | 'change') =>
  operation(name, (world, { body, biller }) => {
    const items = itemsOf(body, many)
    if (items === undefined) return unreadable()
    if (biller === undefined) return badKey()
    const read = readInvoices(items, biller)
    if ('refusal' in read) return read.refusal
    const references = read.invoices.map(({ external_reference }) => external_reference)
    const known = references.filter((reference) => findInvoice(world, biller.shortcode, reference) !== undefined)
    const isRepeated = new Set(references).size < references.length
    if (intent === 'send' && (known.length > 0 || isRepeated)) {
      return conflict('Action forbidden: Another entry exist with the same externalReference number')
    }
    if (intent === 'change' && known.length < references.length) return noSuchInvoice()
    read.invoices.forEach((invoice) => sendInvoice(world, invoice))
    return ok({ Status_Message: 'Invoice sent successfully', ...done })
  })

const noSuchInvoice = () => conflict('Action forbidden: No entry exist with this externalReference number')

const cancelling = (name: string, many: Many) =>
  operation(name, (world, { body, biller }) => {
    const items = itemsOf(body, many)
    if (items === undefined) return unreadable()
    if (biller === undefined) return badKey()
    const found = items.flatMap(
      ({ externalReference }) => findInvoice(world, biller.shortcode, String(externalReference)) ?? [],
    )
    if (found.length < items.length) return noSuchInvoice()
    if (found.some(({ paid }) => paid > 0)) {
      return conflict('partially or fully paid invoices cannot be cancelled.')
    }
    found.forEach((invoice) => (invoice.cancelled = true))
    return ok({ Status_Message: 'Invoice cancelled successfuly.', ...done, errors: [] })
  })

const receiptFields = {
  paymentDate: text(30),
  paidAmount: pattern(/^\d+(\.\d+)?$/, 'an amount'),
  accountReference: text(100),
  transactionId: text(20),
  phoneNumber: text(20),
  fullName: text(100),
  invoiceName: text(100),
  externalReference: text(100),
}

/** The biller says what a payment was for, and the customer gets a receipt. */
const reconciliation = operation('reconciliation', (world, { body, biller }) =>
  read(body, receiptFields, ({ phoneNumber, transactionId, paidAmount, invoiceName, fullName }) => {
    if (biller === undefined) return badKey()
    const msisdn = readMsisdn(phoneNumber)
    if (msisdn === undefined) return conflict('Action forbidden: Incorrect phone number format')
    const receipt = `Dear ${fullName}, your payment ${transactionId} of Ksh${paidAmount} for ${invoiceName} has been received.`
    sendMessage(world, findPhone(world, msisdn), receipt)
    return ok(done)
  }),
)

/** Bill Manager: every operation. */
export const billManager: Api[] = [
  optIn,
  changeDetails,
  invoicing('single-invoicing', 'one', 'send'),
  invoicing('bulk-invoicing', 'many', 'send'),
  invoicing('change-invoice', 'one', 'change'),
  invoicing('change-invoices', 'many', 'change'),
  reconciliation,
  cancelling('cancel-single-invoice', 'one'),
  cancelling('cancel-bulk-invoices', 'many'),
]
