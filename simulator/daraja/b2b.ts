import type { World } from '../world.ts'
import { accountReference } from './account-reference.ts'
import { api } from './api.ts'
import type { DarajaRequest } from './api.ts'
import { presentB2b } from './b2b-result.ts'
import type { BusinessPaymentKind } from './b2b-result.ts'
import { families } from './family.ts'
import {
  alsoSpelt,
  judgedBy,
  minding,
  msisdn,
  oneOf,
  optional,
  pattern,
  shortcode,
  text,
  wholeShillings,
} from './fields.ts'
import type { Field, Values } from './fields.ts'
import { initiator, resultAddresses, securityCredential } from './initiator.ts'
import { accept, acknowledgement } from './operator.ts'
import { payBusiness, routes } from './pay-business.ts'
import type { BusinessCommand } from './pay-business.ts'
import { refuseAddresses } from './refuse-addresses.ts'
import { remarks } from './remarks.ts'
import { ok } from './reply.ts'
import type { Reply } from './reply.ts'

const commands = Object.keys(routes).filter((command) => command !== 'PayTaxToKRA') as BusinessCommand[]

const ofToday: BusinessCommand[] = [
  'BusinessPayBill',
  'BusinessBuyGoods',
  'BusinessPayToBulk',
  'BusinessTransferFromMMFToUtility',
  'PayTaxToKRA',
]

/** The tax authority's short code, the only receiver of tax. */
const taxAuthority = pattern(/^572572$/, '572572')

const requester: Field<string | null> = {
  ...optional(msisdn),
  read: (value, body) => (value === 0 ? null : optional(msisdn).read(value, body)),
  minds: (_value, sent) => [sent === 0 && 'requester'],
}

const fields = <Command extends BusinessCommand>(allowed: Command[]) => ({
  Initiator: initiator,
  SecurityCredential: securityCredential,
  CommandID: alsoSpelt(
    'Command ID',
    'command',
    minding(oneOf(...allowed), (command) => [!ofToday.includes(command) && 'oldCommand']),
  ),
  SenderIdentifierType: pattern(/^4$/, '4'),
  // The portal knows 4 only, in production tills are 2; rightly spelt the field is not seen.
  RecieverIdentifierType: judgedBy(
    'receiver',
    minding(pattern(/^[24]$/, '4 or 2'), (type) => [type === '2' && 'receiverTill']),
  ),
  Amount: wholeShillings,
  PartyA: shortcode,
  PartyB: shortcode,
  AccountReference: accountReference({
    documented: 13,
    longer: 'referenceLongB2b',
    isTill: (body) => (body.CommandID ?? body['Command ID']) === 'BusinessBuyGoods',
  }),
  Requester: requester,
  Remarks: remarks,
  ...resultAddresses,
  Occassion: optional(text(100)),
})

const b2bFields = fields(commands)
const taxFields = { ...fields(['PayTaxToKRA']), PartyB: taxAuthority }

/** Pays a business, or moves money between one's own accounts; BusinessPayToBulk tops up an account for B2C. */
export const b2b = api({
  name: 'b2b',
  path: '/mpesa/b2b/v1/paymentrequest',
  family: families.core,
  fields: b2bFields,
  answer: (world, asked, request) =>
    pay(world, asked, request, asked.CommandID === 'BusinessPayToBulk' ? 'topUp' : 'b2b'),
})

/** Pays tax; the account reference is the number of the bill at the Kenya Revenue Authority. */
export const remitTax = api({
  name: 'remittax',
  path: '/mpesa/b2b/v1/remittax',
  family: families.core,
  fields: taxFields,
  answer: (world, asked, request) => pay(world, asked, request, 'tax'),
})

function pay(
  world: World,
  asked: Values<typeof b2bFields> | Values<typeof taxFields>,
  { struck, warn }: DarajaRequest,
  kind: BusinessPaymentKind,
): Reply {
  const refusal = refuseAddresses(world, asked, warn)
  if (refusal !== undefined) return refusal
  const { PartyA: sender, PartyB: receiver, Amount: amount, AccountReference: reference } = asked
  const timeoutUrl = asked.QueueTimeOutURL
  const { request, delivered } = accept(world, {
    api: kind === 'tax' ? 'remittax' : 'b2b',
    initiator: asked.Initiator,
    credential: asked.SecurityCredential,
    shortcode: sender,
    party: receiver,
    amount,
    resultUrl: asked.ResultURL,
    timeoutUrl,
    struck,
    carryOut({ originator_conversation_id, conversation_id }) {
      const ids = { originator_conversation_id, conversation_id }
      return payBusiness(world, { route: routes[asked.CommandID], sender, receiver, amount, reference, ...ids })
    },
    present: (request, ended) => presentB2b(world, request, ended, { kind, reference, timeoutUrl }),
  })
  return ok(acknowledgement(request), delivered)
}
