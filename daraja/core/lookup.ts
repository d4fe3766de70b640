import { asText } from './json.ts'
import type { JsonObject } from './json.ts'
import type { ErrorWords } from './judge.ts'

/** Whether a lookup about a number says yes: `responseCode` is 200, as number or text. */
export function lookupSaysYes(json: JsonObject): boolean {
  return asText(json['responseCode']) === '200'
}

/** How lookups word their refusals: in the fields of an answer, with a code that may differ from the HTTP status. */
export function readLookupRefusal(json: JsonObject, status: number): ErrorWords | undefined {
  const code = asText(json['responseCode'])
  if (status < 400 || code === undefined) return undefined
  return { code, message: asText(json['responseDesc']) ?? asText(json['responseMessage']) }
}
