import { timestamp } from '../nairobi.ts'
import { findOrganisation } from '../organisation.ts'
import { findPhone } from '../phone.ts'
import { api } from './api.ts'
import { families } from './family.ts'
import { msisdn, pattern, shortcode, text, within } from './fields.ts'
import { refused } from './judgements.ts'
import { answer, ok } from './reply.ts'

/** The number of nobody who uses M-PESA; payouts to it fail with 2040. */
const strangerNumber = '254700002040'

/** Whose a paybill or till is. */
export const organisationInfo = api({
  name: 'sfcverify',
  path: '/sfcverify/v1/query/info',
  family: families.pull,
  fields: { IdentifierType: pattern(/^[24]$/, '4 or 2'), Identifier: shortcode },
  answer(world, { Identifier }) {
    const ConversationID = world.ids.request()
    const organisation = findOrganisation(world, Identifier)
    if (organisation === undefined) {
      return answer(
        200,
        {
          ConversationID,
          ResponseCode: '1',
          ResponseMessage: 'Rejected',
          DetailedMessage: 'The organization does not exist.',
        },
        refused('organisation'),
      )
    }
    return ok({
      ConversationID,
      ResponseCode: '4000',
      ResponseMessage: 'Success',
      DetailedMessage: 'Request received successfully',
      OrganizationShortCode: Identifier,
      OrganizationName: organisation.name,
      ChargeProfileID: '20013',
    })
  },
})

/** Whose a phone is, with all but the first name masked. */
export const hakikisha = api({
  name: 'hakikisha',
  path: '/mpesa/b2c/hakikisha/v1/hakikisha',
  family: families.pull,
  fields: {
    header: within({ requestID: text(100), timestamp: text(30) }),
    body: within({ msisdn, shortcode }),
  },
  concerns: (_world, { body }) => msisdn.read((body as { msisdn?: unknown } | undefined)?.msisdn, {}) ?? null,
  answer(world, { header: { requestID }, body }) {
    const now = world.clock.now()
    if (body.msisdn === strangerNumber) {
      // The two timestamps differ in the portal's samples, and so here.
      const header = { requestID, timestamp: timestamp(now), status: '400', message: 'Error' }
      return answer(400, { header, body: { message: 'The customer does not exist.' } }, refused('stranger'))
    }
    const [first = '', ...others] = findPhone(world, body.msisdn).name.split(' ')
    const last = others.pop() ?? ''
    return ok({
      header: { requestID, timestamp: String(Math.floor(now.getTime() / 1000)), status: '200', message: 'Success' },
      body: { firstName: first.toLowerCase(), middleName: mask(others.join(' ')), lastName: mask(last) },
    })
  },
})

const mask = (name: string): string => name.slice(0, 1) + '*'.repeat(Math.max(0, name.length - 1))
