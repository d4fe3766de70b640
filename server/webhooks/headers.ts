import { boundTo } from '../accounts/account.ts'
import { Problem } from '../problem.ts'
import { mask, seal, unseal } from '../secret.ts'
import type { SecretKeys } from '../secret.ts'

/** Headers that a merchant adds to what their endpoint is sent, by name. */
export type OwnHeaders = Record<string, string>

/** The column of an endpoint that holds its own headers, encrypted; null where there are none. */
export type SealedHeaders = { merchant_id: string; endpoint_id: string; headers: Buffer | null }

const headersMax = 20
const nameLengthMax = 100
const valueLengthMax = 2_000

/** What Lango sets itself, and what is meant for the connection instead of the endpoint. */
const reserved = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
  'x-event-type',
  '__proto__',
])
const reservedBeginning = /^(proxy-|webhook-|x-payments-)/

/** Why this is no header that a merchant may add, in a sentence; undefined when it is. */
export function complaintOfHeader(name: string, value: string | null): string | undefined {
  const lower = name.toLowerCase()
  if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(lower) || name.length > nameLengthMax) {
    return `"${name.slice(0, nameLengthMax)}" is no name of a header: it has letters, digits and dashes, and at most ${nameLengthMax} of them.`
  }
  if (reserved.has(lower) || reservedBeginning.test(lower)) {
    return `The header ${name} is set by Lango, or belongs to the connection. Choose another name.`
  }
  if (value === null) return undefined
  if (!/^[\x21-\x7e]([\x20-\x7e\t]*[\x21-\x7e])?$/.test(value) || value.length > valueLengthMax) {
    return `The value of ${name} must be 1 to ${valueLengthMax} printable ASCII characters, with no space around them and no line break.`
  }
  if (value.startsWith('****'))
    return `The value of ${name} is masked. Send the value itself, or leave the header out to keep it.`
  return undefined
}

/**
 * Headers after a change: those that it names become what it says, or go where it says null. The case of a name does not matter.
 * @throws a Problem when there would be more than 20, or two of one name.
 */
export function changeHeaders(before: OwnHeaders, change: Record<string, string | null>): OwnHeaders {
  const names = Object.keys(change).map((name) => name.toLowerCase())
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice) throw new Problem('invalid_request', `The header ${twice} is there twice.`, 'headers')
  const kept = Object.entries(before).filter(([name]) => !names.includes(name.toLowerCase()))
  const set = Object.entries(change).filter((entry): entry is [string, string] => entry[1] !== null)
  const after = [...kept, ...set]
  if (after.length > headersMax) {
    throw new Problem('invalid_request', `An endpoint has at most ${headersMax} headers of its own.`, 'headers')
  }
  return Object.fromEntries(after)
}

/** Encrypts the headers of one endpoint: they open nowhere else. */
export function sealHeaders(
  keys: SecretKeys,
  { merchant_id, endpoint_id }: Omit<SealedHeaders, 'headers'>,
  headers: OwnHeaders,
): Buffer | null {
  if (Object.keys(headers).length === 0) return null
  return seal(keys, 'webhook-secret', boundTo(merchant_id, endpoint_id, 'headers'), JSON.stringify(headers))
}

/** Opens the headers of an endpoint. @throws when this installation's key is not the one that sealed them. */
export function openHeaders(keys: SecretKeys, { merchant_id, endpoint_id, headers }: SealedHeaders): OwnHeaders {
  if (!headers) return {}
  const text = unseal(keys, 'webhook-secret', boundTo(merchant_id, endpoint_id, 'headers'), headers)
  return JSON.parse(text) as OwnHeaders
}

/** Headers as the outside may see them. */
export function maskHeaders(headers: OwnHeaders): OwnHeaders {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, mask(value)]))
}
