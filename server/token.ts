import { createHmac, timingSafeEqual } from 'node:crypto'
import { toUuid } from './id.ts'
import type { ProviderName } from './providers/names.ts'
import { deriveKey, keyId } from './secret.ts'
import type { SecretKeys } from './secret.ts'

/** What a callback token is about. C2B and Pull name the provider account; the rest name what was asked for. */
const kinds = ['payment', 'refund', 'payout', 'c2b', 'pull', 'status', 'balance'] as const
export type TokenKind = (typeof kinds)[number]

/** What a provider tells about: one object of one merchant. */
export type Subject = { merchant_id: string; kind: TokenKind; subject_id: string }

/** Whom a callback concerns, and who may tell of it, as proven by its token. */
export type TokenSubject = Subject & { provider: ProviderName }

// Their places in these lists are written into tokens that live for years: only add at the end.
const providers: ProviderName[] = ['mpesa', 'pesaflow']
const kindsMax = 16

const macBytes = 16
const idBytes = 16
const keyIdBytes = 4
const bytes = 1 + idBytes + idBytes + keyIdBytes + macBytes
const namedDigits = (bytes - macBytes) * 2

/**
 * The unguessable part of a callback URL: provider and kind, merchant, subject and key id, with a MAC over all of them, as lower-case hex.
 * Hex spells none of the words that Safaricom forbids in a URL.
 */
export function makeToken(keys: SecretKeys, subject: TokenSubject): string {
  const role = providers.indexOf(subject.provider) * kindsMax + kinds.indexOf(subject.kind)
  const named = [
    role.toString(16).padStart(2, '0'),
    subject.merchant_id.replaceAll('-', ''),
    subject.subject_id.replaceAll('-', ''),
    keyId(keys.current),
  ].join('')
  return named + mac(keys.current, named)
}

const written = /([0-9a-f]{8})[0-9a-f]{98,}/g

/** A text as others may see it: of each token that it holds the first 8 characters, no more. */
export function hideTokens(text: string): string {
  return text.replace(written, '$1…')
}

/** True for a text of the form of a token, whoever made it. */
export function hasTokenForm(text: string): boolean {
  return text.length === bytes * 2 && /^[0-9a-f]+$/.test(text)
}

/** Whom a token names, or undefined when it is none of ours. */
export function readToken(keys: SecretKeys, token: string): TokenSubject | undefined {
  if (!hasTokenForm(token)) return undefined
  const named = token.slice(0, namedDigits)
  const id = named.slice(-keyIdBytes * 2)
  const key = [keys.current, ...keys.previous].find((candidate) => keyId(candidate) === id)
  const role = parseInt(named.slice(0, 2), 16)
  const kind = kinds[role % kindsMax]
  const provider = providers[Math.floor(role / kindsMax)]
  if (!key || !kind || !provider || !isSame(mac(key, named), token.slice(namedDigits))) return undefined
  return {
    kind,
    provider,
    merchant_id: toUuid(named.slice(2, 2 + idBytes * 2)),
    subject_id: toUuid(named.slice(2 + idBytes * 2, 2 + idBytes * 4)),
  }
}

/** Hex in and out: to make bytes of it first takes half as long again. */
function mac(key: Buffer, named: string): string {
  const digits = createHmac('sha256', deriveKey(key, 'callback-token')).update(named, 'hex').digest('hex')
  return digits.slice(0, macBytes * 2)
}

function isSame(left: string, right: string): boolean {
  return timingSafeEqual(Buffer.from(left), Buffer.from(right))
}
