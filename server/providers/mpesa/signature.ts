import { createHmac, createPublicKey, timingSafeEqual, verify } from 'node:crypto'
import { CERTIFICATES } from '@lango/daraja/certificates'
import { mpesaCredentials } from '../../accounts/account.ts'
import type { Account } from '../../accounts/account.ts'
import type { Posted, Signature } from '../posted.ts'
import { sandboxPasskey } from './sandbox-passkey.ts'

const header = 'x-mpesa-signature'
const productionKey = createPublicKey(CERTIFICATES.production)

/**
 * Judges the header `X-Mpesa-Signature`, in hex or base64: an HMAC-SHA256 of the body by the account's passkey, or an RSA
 * signature by Safaricom's production certificate. The passkey of the sandbox is published, so that what it signs proves nothing.
 */
export function readSignature(
  { headers, body }: Pick<Posted, 'headers' | 'body'>,
  passkey?: string,
  safaricomKey = productionKey,
): Signature {
  const text = headers[header]?.replace(/^sha256=/i, '').trim()
  if (text === undefined) return 'absent'
  const candidates = [Buffer.from(text, 'hex'), Buffer.from(text, 'base64')]
  if (candidates.some((signature) => verify('RSA-SHA256', body, safaricomKey, signature))) return 'valid'
  if (passkey === undefined) return 'wrong'
  const expected = createHmac('sha256', passkey).update(body).digest()
  const isMac = candidates.some(
    (signature) => signature.length === expected.length && timingSafeEqual(signature, expected),
  )
  if (!isMac) return 'wrong'
  return passkey === sandboxPasskey ? 'absent' : 'valid'
}

/** What the signature of a body says. Daraja signs nothing today, so that most bear none. */
export function judgeSignature(posted: Posted, account?: Account): Signature {
  return readSignature(posted, account && mpesaCredentials(account).passkey)
}
