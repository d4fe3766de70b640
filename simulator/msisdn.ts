/** Any spelling of a Kenyan mobile number (`0712 345 678`, `+254712345678`, `712345678`) as `254712345678`, else undefined. */
export function readMsisdn(value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  const digits = String(value)
    .replace(/[\s().-]/g, '')
    .replace(/^(\+|00)/, '')
  const [, line] = /^(?:254|0)?([17]\d{8})$/.exec(digits) ?? []
  return line && `254${line}`
}

/** As people write it: `0712 345 678`. */
export const writeMsisdn = (msisdn: string): string => `0${msisdn.slice(3, 6)} ${msisdn.slice(6, 9)} ${msisdn.slice(9)}`
