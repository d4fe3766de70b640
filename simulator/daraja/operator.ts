import type { Struck } from '../faults.ts'
import type { LedgerEntry } from '../ledger.ts'
import { postCallback } from '../post-callback.ts'
import type { World } from '../world.ts'
import type { DarajaApiName } from './api-names.ts'
import { initiatorProblem } from './initiator.ts'

/** A request of an API operator: acknowledged at once, carried out afterwards, and then its result is posted. */
export type OperatorRequest = {
  /** As acknowledged: the caller's own where the API takes one. */
  originator_conversation_id: string
  /** The gateway's own, which results carry. */
  gateway_id: string
  conversation_id: string
  shortcode: string
  /** Who is paid, a phone or a short code; null for a question. */
  party: string | null
  amount: number | null
  asked_at: string
  /** Null while it waits. A request that M-PESA's queue lost never ends. */
  ended: { at: string; code: string; receipt: string | null } | null
  lost: boolean
}

/** How a request ends: a result code, and what moved if money did. */
export type Ended = { code: string; entry: LedgerEntry | null }

export const failed = (code: string): Ended => ({ code, entry: null })

/** A question has been answered: nothing moved. */
export const answered: Ended = { code: '0', entry: null }

type Asked = {
  api: DarajaApiName
  initiator: string
  credential: string
  shortcode: string
  party?: string
  amount?: number
  /** The phone that it concerns, for the log. */
  msisdn?: string | null
  /** The caller's own OriginatorConversationID. */
  ownId?: string
  resultUrl: string
  timeoutUrl: string
  struck: Struck
  /** Moves the money, or says why not. Called only for an operator in good standing. */
  carryOut(request: OperatorRequest): Ended
  /** The body for the result address. */
  present(request: OperatorRequest, ended: Ended): unknown
}

const requests = (world: World) => world.memory.recent<OperatorRequest>('operator-requests')

/** The request with this id, be it the caller's, the gateway's or the conversation's. */
export const findRequest = (world: World, id: string): OperatorRequest | undefined =>
  requests(world).get(id) ??
  [...requests(world).values()].find(({ gateway_id, conversation_id }) => gateway_id === id || conversation_id === id)

export const isIdUsed = (world: World, originatorConversationId: string): boolean =>
  requests(world).has(originatorConversationId)

/** Takes a request. `delivered` settles when its result has been answered. */
export function accept(world: World, asked: Asked): { request: OperatorRequest; delivered: Promise<void> } {
  const gatewayId = world.ids.request()
  const request: OperatorRequest = {
    originator_conversation_id: asked.ownId ?? gatewayId,
    gateway_id: gatewayId,
    conversation_id: world.ids.conversation(),
    shortcode: asked.shortcode,
    party: asked.party ?? null,
    amount: asked.amount ?? null,
    asked_at: world.clock.now().toISOString(),
    ended: null,
    lost: false,
  }
  requests(world).set(request.originator_conversation_id, request)
  return { request, delivered: process(world, asked, request) }
}

/** What every operator API but B2C answers at once, in this order of keys. */
export const acknowledgement = (request: OperatorRequest) => ({
  OriginatorConversationID: request.originator_conversation_id,
  ConversationID: request.conversation_id,
  ResponseCode: '0',
  ResponseDescription: 'Accept the service request successfully.',
})

function process(world: World, asked: Asked, request: OperatorRequest): Promise<void> {
  const { api, shortcode, msisdn = null, struck, resultUrl, timeoutUrl } = asked
  const post = (url: string, body: unknown) => postCallback(world, { api, url, shortcode, msisdn, body, struck })
  const end = () => {
    const problem = initiatorProblem(world, asked)
    const ended = problem === undefined ? asked.carryOut(request) : failed(problem)
    request.ended = { at: world.clock.now().toISOString(), code: ended.code, receipt: ended.entry?.receipt ?? null }
    return post(resultUrl, asked.present(request, ended))
  }
  const timeout = struck.get('queue_timeout')
  if (timeout === undefined) return world.work.soon(end)
  if (timeout.delay_ms === undefined) request.lost = true
  else world.work.after(timeout.delay_ms, end)
  return world.work.soon(() => post(timeoutUrl, timedOut(request)))
}

/** Safaricom publishes no sample of this body; clients in the field expect this one. */
const timedOut = ({ gateway_id, conversation_id }: OperatorRequest) => ({
  Result: {
    ResultType: 1,
    ResultCode: 1,
    ResultDesc: 'The service request timed out.',
    OriginatorConversationID: gateway_id,
    ConversationID: conversation_id,
  },
})
