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

/**
 * The unguessable part of a callback URL: provider and kind, merchant, subject and key id, with a MAC over all of them, as lower-case hex.
 * Hex spells none of the words that Safaricom forbids in a URL.
 */
export function makeToken(keys: SecretKeys, subject: TokenSubject): string {
  const named = Buffer.from(
    (providers.indexOf(subject.provider) * kindsMax + kinds.indexOf(subject.kind)).toString(16).padStart(2, '0') +
      subject.merchant_id.replaceAll('-', '') +
      subject.subject_id.replaceAll('-', '') +
      keyId(keys.current),
    'hex',
  )
  return named.toString('hex') + mac(keys.current, named).toString('hex')
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
  const whole = Buffer.from(token, 'hex')
  const named = whole.subarray(0, bytes - macBytes)
  const id = named.toString('hex', named.length - keyIdBytes)
  const key = [keys.current, ...keys.previous].find((candidate) => keyId(candidate) === id)
  const kind = kinds[named[0]! % kindsMax]
  const provider = providers[Math.floor(named[0]! / kindsMax)]
  if (!key || !kind || !provider || !timingSafeEqual(mac(key, named), whole.subarray(bytes - macBytes)))
    return undefined
  return {
    kind,
    provider,
    merchant_id: toUuid(named.toString('hex', 1, 1 + idBytes)),
    subject_id: toUuid(named.toString('hex', 1 + idBytes, 1 + idBytes * 2)),
  }
}

function mac(key: Buffer, named: Buffer): Buffer {
  return createHmac('sha256', deriveKey(key, 'callback-token')).update(named).digest().subarray(0, macBytes)
}
