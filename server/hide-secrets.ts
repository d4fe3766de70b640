import { hideTokens } from './token.ts'

/** How requests prove who they are, as a header has it. */
const proofs = /\b(Bearer|Basic)( +)[\w+/=.~-]{8,}/gi

/** What providers call secrets, and what stands behind the name; in JSON, within a text of JSON too, and in a form. */
const named =
  /((?:password|security_?credential|initiator_?password|consumer_?(?:key|secret)|pass_?key|api_?key|secure_?hash)\\*"?\s*[:=]\s*\\*"?)[^\s"\\,&}]+/gi

/** Longer than any id or hash: what was sealed or encoded. Digits of a hash have no letters beyond f. */
const encoded = /(?=[0-9a-f]*[g-z+/])[0-9a-z+/]{60,}={0,2}/gi

/** A text that we say of ourselves, without secrets that stand in it by their names. */
export function hideNamed(text: string): string {
  return hideTokens(text).replace(proofs, '$1$2[secret]').replace(named, '$1[secret]')
}

/** What a provider said, as others may see it: of what we told it of ourselves, which it may repeat, nothing is left. */
export function hideSecrets(text: string): string {
  return hideNamed(text).replace(encoded, '[secret]')
}
