import { isObject } from '../is-object.ts'
import { ledgerEntries } from '../ledger.ts'
import type { LedgerEntry } from '../ledger.ts'
import { nairobi } from '../nairobi.ts'
import { findOrganisation, speaksFor } from '../organisation.ts'
import { findPhone } from '../phone.ts'
import type { World } from '../world.ts'
import type { Api, DarajaRequest } from './api.ts'
import { families } from './family.ts'
import { optional, pattern, readFields, text } from './fields.ts'
import type { Field } from './fields.ts'
import { refused, taken } from './judgements.ts'
import { isNominated } from './nominated-number.ts'
import { unknownShortcode } from './pull-register.ts'
import { invalid, ok, unreadable } from './reply.ts'
import type { Reply } from './reply.ts'

const reachMs = 48 * 3_600_000
const pageSize = 100

/** `2020-08-04 8:36:00` in Nairobi; the portal's own samples are careless with zeros. */
const date: Field<Date> = {
  expects: 'yyyy-MM-dd HH:mm:ss',
  read(value) {
    const [, day, hour = '', minute = '', second = '0'] =
      /^(\d{4}-\d\d-\d\d) (\d\d?):(\d\d?)(?::(\d{1,3}))?$/.exec(String(value).trim()) ?? []
    const two = (digits: string) => String(Number(digits)).padStart(2, '0')
    const at = new Date(`${day}T${two(hour)}:${two(minute)}:${two(second)}+03:00`)
    return Number.isNaN(at.getTime()) ? undefined : at
  },
  minds: (_at, sent) => [!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(String(sent)) && 'pullDate'],
}

const fields = {
  ShortCode: text(20),
  StartDate: date,
  EndDate: date,
  OffSetValue: optional(pattern(/^\d{1,9}$/, 'a number of rows')),
}

/** Customers' payments of the last 48 hours, a hundred at a time. Documented as GET and used as POST; both will do. */
const query = (method: 'GET' | 'POST'): Api => ({
  name: 'pulltransactions',
  method,
  path: '/pulltransactions/v1/query',
  family: families.pull,
  answer(world, request) {
    const body = method === 'GET' ? Object.fromEntries(request.url.searchParams) : (request.body ?? {})
    if (!isObject(body)) return unreadable()
    const read = readFields(body, fields)
    if ('bad' in read) {
      return read.bad === 'ShortCode' ? unknownShortcode(read.why) : invalid(read.bad, read.why)
    }
    read.notes.forEach(request.warn)
    if (method === 'GET') request.warn(taken('pullVerb'))
    const { ShortCode, StartDate, EndDate, OffSetValue } = read.values
    const unserved = refuseUnserved(world, ShortCode, request)
    if (unserved !== undefined) return unserved
    const since = Math.max(StartDate.getTime(), world.clock.now().getTime() - reachMs)
    const found = ledgerEntries(world).filter(
      ({ kind, shortcode, at }) =>
        (kind === 'stk' || kind === 'c2b') &&
        speaksFor(world, ShortCode, shortcode) &&
        Date.parse(at) >= since &&
        Date.parse(at) <= EndDate.getTime(),
    )
    const offset = Number(OffSetValue ?? 0)
    return page(
      world,
      found.slice(offset, offset + pageSize).map((entry) => record(world, entry)),
    )
  },
})

export const pullQueryPost = query('POST')
export const pullQueryGet = query('GET')

function refuseUnserved(world: World, shortcode: string, { warn }: DarajaRequest): Reply | undefined {
  if (findOrganisation(world, shortcode) === undefined) return unknownShortcode(refused('organisation'))
  if (world.settings.pull !== 'refused' && isNominated(world, shortcode)) return undefined
  if (world.settings.pull !== 'open') return unknownShortcode(refused('pullRegistration'))
  warn(taken('pullRegistration'))
  return undefined
}

function page(world: World, records: unknown[]): Reply {
  const ResponseRefID = world.ids.uuid()
  return records.length === 0
    ? ok({ ResponseRefID, ResponseCode: '1001', ResponseMessage: 'No transactions', Transaction: '[[]]' })
    : ok({ ResponseRefID, ResponseCode: '1000', ResponseMessage: 'Success', Response: [records] })
}

/** One payment; the payer's number is not masked here. */
function record(world: World, { receipt, at, msisdn, moves, reference, amount, shortcode }: LedgerEntry) {
  return {
    transactionId: receipt,
    trxDate: writeDate(world, new Date(at)),
    msisdn: Number(msisdn?.slice(3)),
    sender: msisdn === null ? '' : findPhone(world, msisdn).name,
    transactiontype: moves[0]?.account === 'Merchant Account' ? 'c2b-buy-goods-debit' : 'c2b-pay-bill-debit',
    billreference: reference ?? '',
    amount: amount.toFixed(2),
    organizationname: findOrganisation(world, shortcode)?.name ?? '',
  }
}

function writeDate({ settings }: World, at: Date): string {
  if (settings.pull_dates === 'utc') return `${at.toISOString().slice(0, 19)}Z`
  const { year, month, day, hour, minute, second } = nairobi(at)
  return `${year}-${month}-${day}T${hour}:${minute}:${second}Z`
}
