import type { Daraja } from './client.ts'
import { asObject, asText } from './core/json.ts'
import type { JsonObject } from './core/json.ts'
import { judge } from './core/judge.ts'
import type { Outcome } from './core/outcome.ts'
import { post } from './core/send.ts'

/** What each operation of the SIM portal takes, in Safaricom's own words and spelling. */
export type IotRequests = {
  allsims: { vpnGroup: readonly string[]; startAtInde: number; pageSize: number; username: string }
  queryLifeCycleStatus: IotSim
  querycustomerinfo: IotSim
  simactivation: IotSim
  getactivationtrends: { vpnGroup: string; startDate: string; stopDate: string; username: string }
  renameasset: IotSim & { assetName: string }
  suspend_unsuspend_sub: IotSim & { product: string; operation: string }
  searchmessages: { searchValue: string; pageNo: number; pageSize: number }
  filtermessages: { startDate: string; endDate: string; status: string }
  getallmessages: JsonObject
  sendsinglemessage: { msisdn: string; message: string; vpnGroup: string }
  deletemessage: { id: string }
  deleteMessageThread: { msisdn: string }
  getlocationinfo: JsonObject
}

/** One SIM card of a group. */
export type IotSim = { msisdn: string; vpnGroup: string; username: string }

/** The answer's two halves, as they came: Safaricom documents no more than this of their form. */
export type IotAnswer = { header: JsonObject; body: unknown }

/**
 * Asks one operation of the SIM portal for things (IoT, `POST /simportal/v1/…`). Answered at once. An operation that failed is
 * `refused` with Safaricom's words also when its HTTP status is 200. Never throws.
 *
 * @example await iot(daraja, 'queryLifeCycleStatus', { msisdn: '0110000000', vpnGroup: 'trucks', username: 'fleet' })
 */
export async function iot<Operation extends keyof IotRequests>(
  daraja: Daraja,
  operation: Operation,
  request: IotRequests[Operation],
): Promise<Outcome<IotAnswer>> {
  const reply = await post(daraja, pathOf(operation, request), request)
  return judge(reply, {
    accepted(json) {
      const header = asObject(json['header'])
      return header && !wordsOf(header) ? { header, body: json['body'] } : undefined
    },
    refused(json) {
      const header = asObject(json['header'])
      const message = wordsOf(header)
      return message === undefined ? undefined : { code: asText(header?.['responseCode']), message }
    },
  })
}

/** Only the search takes its page in the query string. */
function pathOf(operation: string, request: object): string {
  const path = `/simportal/v1/${operation}`
  if (!('pageNo' in request) || !('pageSize' in request)) return path
  return `${path}?pageNo=${Number(request.pageNo)}&pageSize=${Number(request.pageSize)}`
}

const FAILURES = /Bad Request|not permitted|No records were found|Operation Failed|Failed to execute/i

/** The words of a header that tells of a failure. */
function wordsOf(header: JsonObject | undefined): string | undefined {
  const message = asText(header?.['customerMessage']) ?? asText(header?.['responseMessage'])
  return message !== undefined && FAILURES.test(message) ? message : undefined
}
