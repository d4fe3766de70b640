import { post } from '../testing.ts'
import type { Simulator } from '../simulator.ts'

type Json = Record<string, unknown>

/** As long as any SecurityCredential; nobody reads it unless told to. */
export const credential = `${'A'.repeat(342)}==`

const common = {
  SecurityCredential: credential,
  Remarks: 'OK',
  QueueTimeOutURL: 'https://shop.example/timeout',
  ResultURL: 'https://shop.example/result',
}

export const reversalBody = (receipt: string, changes: Json = {}): Json => ({
  Initiator: 'apiop37',
  CommandID: 'TransactionReversal',
  TransactionID: receipt,
  Amount: '200',
  ReceiverParty: '174379',
  RecieverIdentifierType: '11',
  ...common,
  ...changes,
})

export const reverse = (simulator: Simulator, receipt: string, changes: Json = {}) =>
  post(simulator, '/mpesa/reversal/v1/request', reversalBody(receipt, changes))

/** The values of a result by their keys; of a repeated key the last. */
export function parametersOf(body: unknown): Json {
  const { Result } = body as { Result: { ResultParameters?: { ResultParameter: Json | Json[] } } }
  const parameters = [Result.ResultParameters?.ResultParameter ?? []].flat()
  return Object.fromEntries(parameters.map(({ Key, Value }) => [String(Key), Value]))
}

export const resultOf = (body: unknown): Json => (body as { Result: Json }).Result
