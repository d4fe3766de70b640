import type { Daraja } from '../client.ts'
import { asList, asText } from './json.ts'
import type { JsonObject } from './json.ts'
import { judge } from './judge.ts'
import type { ErrorWords } from './judge.ts'
import type { Outcome } from './outcome.ts'
import { post } from './send.ts'

export const BILL_MANAGER_PATH = '/v1/billmanager-invoice'

/** Opting in gave this key; every other operation needs it. */
export type WithAppKey = { appKey: string }

/** Bill Manager did it; the message is Safaricom's. */
export type BillManagerDone = { message: string }

/** Asks Bill Manager for one of its operations. Never throws. */
export async function callBillManager(
  daraja: Daraja,
  call: WithAppKey & { operation: string; body: unknown },
): Promise<Outcome<BillManagerDone>> {
  const { appKey, operation, body } = call
  const reply = await post(daraja, `${BILL_MANAGER_PATH}/${operation}`, body, { appKey })
  return judge(reply, {
    accepted(json) {
      const message = asText(json['Status_Message']) ?? asText(json['resmsg']) ?? ''
      return saysYes(json) ? { message } : undefined
    },
    refused: readConflict,
  })
}

/** Bill Manager says `rescode`, where other APIs say `ResponseCode`. */
export function saysYes(json: JsonObject): boolean {
  return asText(json['rescode']) === '200' && asList(json['errors']).length === 0
}

/** Bill Manager's own refusals come as `{rescode: "409", resmsg: "Conflict", Status_Message}`. */
export function readConflict(json: JsonObject): ErrorWords | undefined {
  const code = asText(json['rescode'])
  if (code !== '409') return undefined
  return { code, message: asText(json['Status_Message']) ?? asText(json['resmsg']) }
}
