import { asList, asObject, asText, readBody, sameName } from './core/json.ts'
import type { JsonObject } from './core/json.ts'
import { readShillings } from './core/shillings.ts'
import type { Shillings } from './core/shillings.ts'
import { parseNairobi } from './nairobi.ts'

/** One named value of a result. `value` is `undefined` where Safaricom sends a key alone. */
export type ResultParameter = { key: string; value: unknown }

/**
 * What Safaricom posts to a result URL, in one shape. B2C, Pochi, B2B, top-up, tax, reversal, status and balance all use this
 * envelope, each with other habits: text or number, array or a lone object, keys twice, without value, or none at all.
 */
export type Result = {
  /** `0` if the request was carried out. For Transaction Status and Account Balance: if the question was answered. */
  resultCode: string
  resultDescription: string
  originatorConversationId: string | undefined
  conversationId: string | undefined
  /** Present in failures too, as a placeholder or looking real: its presence proves nothing. */
  transactionId: string | undefined
  /** In the order in which they came, repeated keys included. */
  parameters: readonly ResultParameter[]
  references: readonly ResultParameter[]
  /** The body as it was given. */
  raw: unknown
}

/**
 * Reads the body of a result, parsed or as text. `undefined` for what is no result. The body of a timeout URL has, by
 * reports, the same envelope; Safaricom publishes no sample of it, and it says nothing about what became of the request.
 *
 * @example parseResult(await request.json())?.resultCode // 'R000002'
 */
export function parseResult(body: unknown): Result | undefined {
  const result = asObject(readBody(body)?.['Result'])
  const resultCode = asText(result?.['ResultCode'])
  if (!result || !resultCode) return undefined
  return {
    resultCode,
    resultDescription: asText(result['ResultDesc']) ?? '',
    originatorConversationId: asText(result['OriginatorConversationID']),
    conversationId: asText(result['ConversationID']),
    transactionId: asText(result['TransactionID']),
    parameters: readParameters(asObject(result['ResultParameters'])?.['ResultParameter']),
    references: readParameters(asObject(result['ReferenceData'])?.['ReferenceItem']),
    raw: body,
  }
}

/** All values of a key, in order; spaces and capitals in keys do not count, since they changed over the years. */
export function allOf(result: Result, key: string): readonly unknown[] {
  const fitting = result.parameters.filter((parameter) => sameName(parameter.key, key))
  return fitting.map(({ value }) => value).filter((value) => value !== undefined)
}

/** The first value of a key as text. */
export function textOf(result: Result, ...keys: string[]): string | undefined {
  return keys.map((key) => asText(allOf(result, key)[0])).find((text) => text !== undefined)
}

/** The first value of a key in shillings. */
export function shillingsOf(result: Result, ...keys: string[]): Shillings | undefined {
  return keys.map((key) => readShillings(allOf(result, key)[0])).find((amount) => amount !== undefined)
}

/** The first value of a key as an instant. */
export function timeOf(result: Result, ...keys: string[]): Date | undefined {
  const text = textOf(result, ...keys)
  return text === undefined ? undefined : parseNairobi(text)
}

/** The receipt of what was carried out; `undefined` for a failure, whose `transactionId` is a placeholder. */
export function receiptOf(result: Result): string | undefined {
  return result.resultCode === '0' ? result.transactionId : undefined
}

/** A party as Safaricom names it: a short code or phone number, perhaps masked, and a name. */
export type Party = { identifier: string | undefined; name: string }

/**
 * Splits the public name of a party.
 *
 * @example parseParty('254705912645 - NICHOLAS JOHN SONGOK') // { identifier: '254705912645', name: 'NICHOLAS JOHN SONGOK' }
 */
export function parseParty(text: string): Party {
  const [, identifier, name] = /^([\d*][\d* ]*?)\s*(?:[-–]\s*(.*))?$/s.exec(text.trim()) ?? []
  return { identifier, name: (name ?? text).trim() }
}

/** The first value of a key as a party. */
export function partyOf(result: Result, key: string): Party | undefined {
  const text = textOf(result, key)
  return text === undefined ? undefined : parseParty(text)
}

function readParameters(items: unknown): readonly ResultParameter[] {
  return asList(items).map(asObject).flatMap(readParameter)
}

function readParameter(item: JsonObject | undefined): ResultParameter[] {
  const key = asText(item?.['Key'])
  return key === undefined ? [] : [{ key, value: item?.['Value'] }]
}
