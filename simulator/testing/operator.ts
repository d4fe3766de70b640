import type { Simulator, SimulatorOptions } from '../simulator.ts'
import { post } from './daraja.ts'
import { merchant } from './merchant.ts'

type Json = Record<string, unknown>

/** As long as any SecurityCredential; nobody reads it unless told to. */
export const credential = `${'A'.repeat(342)}==`

const common = {
  SecurityCredential: credential,
  Remarks: 'OK',
  QueueTimeOutURL: 'https://shop.example/timeout',
  ResultURL: 'https://shop.example/result',
}

export type OperatorApi = 'reversal' | 'status' | 'b2c' | 'pochi' | 'b2b' | 'tax' | 'balance'

/** A good request of each operator API, but for what a test changes. */
export const operatorRequests: Record<OperatorApi, (changes: Json) => { path: string; body: Json }> = {
  reversal: (changes: Json) => ({
    path: '/mpesa/reversal/v1/request',
    body: {
      Initiator: 'apiop37',
      CommandID: 'TransactionReversal',
      Amount: '200',
      ReceiverParty: '174379',
      RecieverIdentifierType: '11',
      ...common,
      ...changes,
    },
  }),
  status: (changes: Json) => ({
    path: '/mpesa/transactionstatus/v1/query',
    body: {
      Initiator: 'testapi',
      CommandID: 'TransactionStatusQuery',
      PartyA: '174379',
      IdentifierType: '4',
      ...common,
      ...changes,
    },
  }),
  b2c: ({ version = 'v3', ...changes }: Json) => ({
    path: `/mpesa/b2c/${String(version)}/paymentrequest`,
    body: {
      ...(version === 'v3' && { OriginatorConversationID: 'payout-1' }),
      InitiatorName: 'testapi',
      CommandID: 'BusinessPayment',
      Amount: '500',
      PartyA: '600992',
      PartyB: '254712345678',
      ...common,
      Occassion: 'ChristmasPay',
      ...changes,
    },
  }),
  pochi: (changes: Json) => ({
    path: '/mpesa/b2pochi/v1/paymentrequest',
    body: { ...operatorRequests.b2c({}).body, CommandID: 'BusinessPayToPochi', ...changes },
  }),
  b2b: (changes: Json) => ({
    path: '/mpesa/b2b/v1/paymentrequest',
    body: {
      Initiator: 'testapi',
      CommandID: 'BusinessPayBill',
      SenderIdentifierType: '4',
      RecieverIdentifierType: '4',
      Amount: '239',
      PartyA: '600979',
      PartyB: '600000',
      AccountReference: '353353',
      ...common,
      ...changes,
    },
  }),
  tax: (changes: Json) => ({
    path: '/mpesa/b2b/v1/remittax',
    body: { ...operatorRequests.b2b({}).body, CommandID: 'PayTaxToKRA', PartyB: '572572', ...changes },
  }),
  balance: (changes: Json) => ({
    path: '/mpesa/accountbalance/v1/query',
    body: {
      Initiator: 'testapi',
      CommandID: 'AccountBalance',
      PartyA: '600000',
      IdentifierType: '4',
      ...common,
      ...changes,
    },
  }),
}

/** Sends a request of an operator. */
export function ask(simulator: Simulator, api: OperatorApi, changes: Json = {}, options: { token?: string } = {}) {
  const { path, body } = operatorRequests[api](changes)
  return post(simulator, path, body, options)
}

/** A merchant who asks and waits for the result. */
export function operator(options: SimulatorOptions = {}) {
  const shop = merchant(options)
  return {
    ...shop,
    /** What is posted to the result address, without its envelope. */
    async resultOf(api: OperatorApi, changes: Json = {}): Promise<Json> {
      await ask(shop.simulator, api, changes)
      await shop.simulator.settled()
      return unwrap(shop.callbacks().at(-1))
    },
  }
}

export const unwrap = (body: unknown): Json => (body as { Result: Json }).Result

/** The parameters of a result as pairs, since keys may be there twice. */
export function parametersOf(result: Json): [string, unknown][] {
  const { ResultParameter = [] } = (result.ResultParameters ?? {}) as { ResultParameter?: Json | Json[] }
  return [ResultParameter].flat().map(({ Key, Value }) => [String(Key), Value])
}

/** Amina pays 200 to 174379 from the SIM menu; answers the receipt. */
export async function payByHand(simulator: Simulator): Promise<string> {
  const paid = await simulator.phones.get('0712345678').pay({ shortcode: '174379', amount: 200, reference: 'INV-1' })
  await simulator.settled()
  if (paid.status !== 'paid') throw new Error(paid.reason)
  return paid.receipt
}
