import { Problem } from './problem.ts'

const depthMax = 32
const textLengthMax = 10_000

/**
 * Why JSON is more than any request of ours, or body of a provider, holds: what is nested deep, or has very many values, costs its
 * reader far more than its length tells. Looks at the text once, before anything is made of it. Undefined for what may be read.
 */
export function outOfBounds(text: string, valuesMax = 2_000): string | undefined {
  let [depth, values, beginning] = [0, 1, -1]
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (beginning >= 0) {
      if (code === backslash) index++
      else if (code === quote) beginning = -1
      if (index - beginning > textLengthMax && beginning >= 0) return 'holds a text of more than 10,000 characters'
    } else if (code === quote) beginning = index
    else if (code === comma && ++values > valuesMax)
      return `holds more than ${valuesMax.toLocaleString('en-KE')} values`
    else if (code === openBracket || code === openBrace) depth++
    else if (code === closeBracket || code === closeBrace) depth--
    if (depth > depthMax) return 'is nested more than 32 levels deep'
  }
  return undefined
}

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c]
const [openBracket, closeBracket, openBrace, closeBrace] = [0x5b, 0x5d, 0x7b, 0x7d]

/** An escape may spell what no table can hold: U+0000, or one half of a pair of surrogates. */
const suspicious = /\\u(?:0000|d[89a-f])/i

/** Refuses JSON with a text that cannot be stored as it is. Texts that were never escaped cannot be such. */
export function refuseUnstorable(text: string): void {
  if (!suspicious.test(text)) return
  const path = findUnstorable(parse(text), [])
  if (path) throw unstorable(path.join('.') || undefined)
}

/** The value of JSON, with U+FFFD in its texts for what cannot be stored: what holds it is seen to be damaged. @throws when it is no JSON. */
export function parseStorable(text: string): unknown {
  if (!suspicious.test(text)) return JSON.parse(text)
  return JSON.parse(text, (_, value: unknown) =>
    typeof value === 'string' ? value.replaceAll('\0', '\ufffd').toWellFormed() : value,
  )
}

/** That a text cannot be stored. */
export function unstorable(param?: string): Problem {
  const subject = param === undefined ? 'A text' : `"${param}"`
  const message = `${subject} holds the character U+0000, or half of a character, which cannot be stored. Leave it out.`
  return new Problem('invalid_request', message, param)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Whoever reads it next says so.
    return undefined
  }
}

function findUnstorable(value: unknown, path: string[]): string[] | undefined {
  if (typeof value === 'string') return isStorable(value) ? undefined : path
  if (typeof value !== 'object' || value === null) return undefined
  for (const [name, member] of Object.entries(value)) {
    const found = isStorable(name) ? findUnstorable(member, [...path, name]) : path
    if (found) return found
  }
  return undefined
}

function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}
