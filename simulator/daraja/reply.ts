import { refused } from './judgements.ts'

/** What the gateway answers. A refusal gets its `requestId` when it is written. */
export type Reply = {
  status: number
  /** Why it is refused, for the log; none where a fault was asked for. */
  why?: string
  body:
    | { kind: 'json'; value: unknown }
    | { kind: 'refusal'; errorCode: string; errorMessage: string }
    | { kind: 'html'; text: string }
    | { kind: 'empty' }
  /** Settles when the request's callback has been answered. The fault `early_callback` waits for it. */
  callback?: Promise<unknown>
}

export const ok = (value: unknown, callback?: Promise<unknown>): Reply => ({
  status: 200,
  body: { kind: 'json', value },
  ...(callback && { callback }),
})

/** A refusal in the envelope of an API that has its own. */
export const answer = (status: number, value: unknown, why: string): Reply => ({
  status,
  why,
  body: { kind: 'json', value },
})

/** Daraja's error envelope. */
const failure = (status: number, errorCode: string, errorMessage: string): Reply => ({
  status,
  body: { kind: 'refusal', errorCode, errorMessage },
})

/** A refusal, and why, as the log tells it: `refused('…')`. */
export const refuse = (status: number, errorCode: string, errorMessage: string, why: string): Reply => ({
  ...failure(status, errorCode, errorMessage),
  why,
})

export const invalid = (field: string, why: string): Reply =>
  refuse(400, '400.002.02', `Bad Request - Invalid ${field}`, why)
export const unreadable = (): Reply => refuse(400, '400.002.05', 'Invalid Request Payload', refused('json'))
export const notFound = (): Reply => refuse(404, '404.001.01', 'Resource not found', refused('path'))
export const methodNotAllowed = (verb: string): Reply =>
  refuse(405, '405.001', `${verb} Method Not Allowed`, refused('verb'))
export const serverError = (): Reply => failure(500, '500.003.1001', 'Internal Server Error')
export const spikeArrest = (): Reply => failure(500, '500.003.02', 'Error Occurred: Spike Arrest Violation')
export const emptyRefusal = (status: number, why: string): Reply => ({ status, why, body: { kind: 'empty' } })

/** The page of the firewall before the gateway. */
export const firewallPage = (incident: string): Reply => ({
  status: 503,
  body: {
    kind: 'html',
    text: `<html style="height:100%"><head><META NAME="ROBOTS" CONTENT="NOINDEX, NOFOLLOW"></head><body style="margin:0px;height:100%">Request unsuccessful. Incapsula incident ID: ${incident}</body></html>`,
  },
})
