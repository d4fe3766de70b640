/** What the gateway answers. A refusal gets its `requestId` when it is written. */
export type Reply = {
  status: number
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

/** JSON under another status, for the APIs that have an envelope of their own. */
export const answer = (status: number, value: unknown): Reply => ({ status, body: { kind: 'json', value } })

/** Daraja's error envelope. */
export const refuse = (status: number, errorCode: string, errorMessage: string): Reply => ({
  status,
  body: { kind: 'refusal', errorCode, errorMessage },
})

export const invalid = (field: string): Reply => refuse(400, '400.002.02', `Bad Request - Invalid ${field}`)
export const unreadable = (): Reply => refuse(400, '400.002.05', 'Invalid Request Payload')
export const notFound = (): Reply => refuse(404, '404.001.01', 'Resource not found')
export const methodNotAllowed = (verb: string): Reply => refuse(405, '405.001', `${verb} Method Not Allowed`)
export const serverError = (): Reply => refuse(500, '500.003.1001', 'Internal Server Error')
export const spikeArrest = (): Reply => refuse(500, '500.003.02', 'Error Occurred: Spike Arrest Violation')
export const emptyRefusal = (status: number): Reply => ({ status, body: { kind: 'empty' } })

/** The page of the firewall before the gateway. */
export const firewallPage = (incident: string): Reply => ({
  status: 503,
  body: {
    kind: 'html',
    text: `<html style="height:100%"><head><META NAME="ROBOTS" CONTENT="NOINDEX, NOFOLLOW"></head><body style="margin:0px;height:100%">Request unsuccessful. Incapsula incident ID: ${incident}</body></html>`,
  },
})
