import { createHash } from 'node:crypto'
import { nairobi } from '../nairobi.ts'
import type { World } from '../world.ts'
import { api } from './api.ts'
import { families } from './family.ts'
import { minding, msisdn, pattern, shortcode, text } from './fields.ts'
import { refused } from './judgements.ts'
import { answer, ok } from './reply.ts'

const fields = { customerNumber: msisdn }
const dayMs = 86_400_000

/** The number that Safaricom does not know. */
const unknownNumber = '254700000404'
/** The number whose SIM card was swapped yesterday. All others were swapped too long ago to be told. */
const swappedNumber = '254700000777'
/** The document that belongs to somebody else. */
export const foreignDocument = '00000000'

/** When the SIM card of a number was last swapped. */
export const simSwap = api({
  name: 'imsi',
  path: '/imsi/v2/checkATI',
  family: families.commercial,
  fields,
  answer: (world, { customerNumber }) => ok({ ...success(world), lastSwapDate: swapTime(world, customerNumber) }),
})

/** A number's IMSI, hashed. */
export const imsi = api({
  name: 'imsi',
  path: '/imsi/v1/checkATI',
  family: families.commercial,
  fields,
  answer: (world, { customerNumber }) =>
    ok({
      ...success(world),
      imsi: hashedImsi(customerNumber),
      lastSwapDate: swapTime(world, customerNumber).slice(0, 10),
      msisdnRegistrationDate: dayFirst(registeredOn(customerNumber)),
      customerNumber,
    }),
})

/** Since when a number has been in use. */
export const ageOnNetwork = api({
  name: 'imsi',
  path: '/registration/lookup/v1/checkATI',
  family: families.commercial,
  fields,
  answer(world, { customerNumber }) {
    if (customerNumber === unknownNumber) {
      // The body says 404 and the status 400, as observed.
      return answer(
        400,
        { requestRefID: world.ids.request(), responseCode: '404', responseDesc: 'Not found' },
        refused('stranger'),
      )
    }
    return ok({ ...success(world), msisdnRegistrationDate: registeredOn(customerNumber), customerNumber })
  },
})

/** Whether a number is registered to the holder of a document. */
export const numberValidation = api({
  name: 'kyc',
  path: '/v1/KYC-validation/validateID',
  family: families.commercial,
  fields: {
    requestRefID: text(100),
    shortCode: shortcode,
    msisdn,
    idType: minding(pattern(/^(01|02|05|[A-Za-z]{1,30})$/, '01, 02, 05 or a name'), (type) => [
      /[a-z]/i.test(type) && 'idType',
    ]),
    idNumber: text(30),
  },
  answer: (world, { msisdn, idNumber }) =>
    ok({
      responseRefID: world.ids.request(),
      responseCode: '200',
      responseMessage: 'Success',
      status: msisdn === unknownNumber || idNumber === foreignDocument ? 'FALSE' : 'TRUE',
    }),
})

const success = (world: World) => ({
  requestRefID: world.ids.request(),
  responseCode: '200',
  responseDesc: 'Success',
})

/** `01-01-1900 00:00` stands for any swap more than three months ago. */
function swapTime({ clock }: World, msisdn: string): string {
  if (msisdn !== swappedNumber) return '01-01-1900 00:00'
  const { year, month, day, hour, minute } = nairobi(new Date(clock.now().getTime() - dayMs))
  return `${day}-${month}-${year} ${hour}:${minute}`
}

/** Some day of 2019 that stays the same for a number. */
const registeredOn = (msisdn: string): string =>
  new Date(Date.UTC(2019, 0, 1) + (Number(msisdn) % 365) * dayMs).toISOString().slice(0, 10)

const dayFirst = (date: string): string => date.split('-').toReversed().join('-')

const hashedImsi = (msisdn: string): string =>
  BigInt(`0x${createHash('sha256').update(msisdn).digest('hex')}`)
    .toString()
    .slice(0, 16)
