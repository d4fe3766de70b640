const hidden = '[secret]'

/** Members and fields whose values are nobody's business, however they are spelt. */
const names =
  'password|passkey|consumer_?(?:key|secret)|secret|api_?key|key|token|access_token|securitycredential|secure_?hash|token_hash|authorization|clientIDNumber|id_number'

const inJson = new RegExp(`("(?:${names})"\\s*:\\s*)"[^"]*"`, 'gi')
const inForm = new RegExp(`((?:^|[?&])(?:${names})=)[^&\\s]*`, 'gi')
const callbackToken = /(\/v1\/in\/[0-9a-f]{8})[0-9a-f]+/gi
const phone = /\b((?:254|0)[17]\d{2})\d{3}(\d{3})\b/g

/**
 * A text without what must not be read: values of secret fields, callback tokens but for their beginning, the middle of phone
 * numbers, and every secret that is given.
 */
export function redact(text: string, secrets: string[]): string {
  const known = secrets.filter((secret) => secret.length > 3)
  const without = known.reduce(
    (rest, secret) => rest.replaceAll(secret, hidden).replaceAll(encodeURIComponent(secret), hidden),
    text,
  )
  return without
    .replace(inJson, `$1"${hidden}"`)
    .replace(inForm, `$1${hidden}`)
    .replace(callbackToken, '$1…')
    .replace(phone, '$1•••$2')
}
