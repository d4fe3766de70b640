import type { World } from '../world.ts'
import { api } from './api.ts'
import type { DarajaRequest } from './api.ts'
import { presentB2c } from './b2c-result.ts'
import { families } from './family.ts'
import { alsoSpelt, msisdn, oneOf, optional, pattern, shortcode, text, wholeShillings } from './fields.ts'
import type { Values } from './fields.ts'
import { initiator, resultAddresses, securityCredential } from './initiator.ts'
import { refused, taken } from './judgements.ts'
import { foreignDocument } from './number-lookups.ts'
import { accept, failed, isIdUsed } from './operator.ts'
import { payPerson } from './pay-person.ts'
import { refuseAddresses } from './refuse-addresses.ts'
import { remarks } from './remarks.ts'
import { ok, refuse } from './reply.ts'
import type { Reply } from './reply.ts'

/** B2C and Pochi alone say InitiatorName, and `Occassion`; old clients spell that right. */
const fields = <Command extends string>(...commands: Command[]) => ({
  InitiatorName: initiator,
  SecurityCredential: securityCredential,
  CommandID: oneOf(...commands),
  Amount: wholeShillings,
  PartyA: shortcode,
  PartyB: msisdn,
  Remarks: remarks,
  ...resultAddresses,
  Occassion: alsoSpelt('Occasion', 'occasion', optional(text(100))),
})

const b2cFields = fields('SalaryPayment', 'BusinessPayment', 'PromotionPayment')
const pochiFields = fields('BusinessPayToPochi')
/** From version 3 on the caller names the payment, once. */
const ownId = { OriginatorConversationID: text(100) }

/** Pays a person, as version 1 does: under an id of the gateway's. */
export const b2cV1 = api({
  name: 'b2c',
  path: '/mpesa/b2c/v1/paymentrequest',
  family: families.core,
  fields: b2cFields,
  answer: (world, asked, request) => pay(world, 'b2c', asked, request),
})

/**
 * Pays the person who has a document, as an API did of which no page is left: the body of version 1, and the document.
 * Nobody's document is `00000000`.
 */
export const b2cValidated = api({
  name: 'b2c',
  path: '/mpesa/b2cvalidate/v2/paymentrequest',
  family: families.core,
  fields: {
    ...b2cFields,
    OriginatorConversationID: optional(text(100)),
    IDType: pattern(/^\d{1,2}$/, 'a number of one or two digits, 01 for a national identity card'),
    IDNumber: text(30),
  },
  answer(world, { OriginatorConversationID, IDType: _type, IDNumber, ...asked }, request) {
    request.warn(taken('idDocument'))
    return pay(world, 'b2c', asked, request, {
      ...(OriginatorConversationID !== null && { ownId: OriginatorConversationID }),
      isStranger: IDNumber === foreignDocument,
    })
  },
})

/** Pays a person. */
export const b2cV3 = api({
  name: 'b2c',
  path: '/mpesa/b2c/v3/paymentrequest',
  family: families.core,
  fields: { ...b2cFields, ...ownId },
  answer: (world, { OriginatorConversationID, ...asked }, request) =>
    pay(world, 'b2c', asked, request, { ownId: OriginatorConversationID }),
})

/** Pays the Pochi la Biashara wallet of a person, which here is the person's one balance. */
export const b2pochi = api({
  name: 'b2pochi',
  path: '/mpesa/b2pochi/v1/paymentrequest',
  family: families.core,
  fields: { ...pochiFields, ...ownId },
  answer: (world, { OriginatorConversationID, ...asked }, request) =>
    pay(world, 'b2pochi', asked, request, { ownId: OriginatorConversationID }),
})

function pay(
  world: World,
  name: 'b2c' | 'b2pochi',
  asked: Values<typeof b2cFields> | Values<typeof pochiFields>,
  { struck, warn }: DarajaRequest,
  { ownId, isStranger = false }: { ownId?: string; isStranger?: boolean } = {},
): Reply {
  const refusal = refuseAddresses(world, asked, warn)
  if (refusal !== undefined) return refusal
  if (ownId !== undefined && isIdUsed(world, ownId)) {
    return refuse(500, '500.002.1001', 'Duplicate OriginatorConversationID.', refused('repeatedId'))
  }
  const { PartyA, PartyB, Amount, CommandID } = asked
  const { request, delivered } = accept(world, {
    api: name,
    initiator: asked.InitiatorName,
    credential: asked.SecurityCredential,
    shortcode: PartyA,
    party: PartyB,
    amount: Amount,
    msisdn: PartyB,
    ...(ownId !== undefined && { ownId }),
    resultUrl: asked.ResultURL,
    timeoutUrl: asked.QueueTimeOutURL,
    struck,
    carryOut: (request) =>
      isStranger
        ? failed('2040')
        : payPerson(world, request, { command: CommandID, shortcode: PartyA, msisdn: PartyB, amount: Amount }),
    present: (request, ended) => presentB2c(world, request, ended),
  })
  return ok(
    {
      ConversationID: request.conversation_id,
      OriginatorConversationID: request.originator_conversation_id,
      ResponseCode: '0',
      ResponseDescription: 'Accept the service request successfully.',
    },
    delivered,
  )
}
