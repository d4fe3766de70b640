import { createHmac, createPublicKey, timingSafeEqual, verify } from 'node:crypto'
import { CERTIFICATES } from '@lango/daraja/certificates'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { findAccounts } from '../accounts/account.ts'
import { sandboxPasskey } from '../providers/mpesa/sandbox-passkey.ts'
import type { TrustedArrival } from './act.ts'
import type { Arrival } from './arrival.ts'

/**
 * What a signature says of a body: that its sender has a secret, or that it was not made by who has it. Most bodies bear none:
 * Daraja signs nothing today.
 */
export type Signature = 'valid' | 'wrong' | 'absent'

const header = 'x-mpesa-signature'

/** True when there is a signature to judge at all. */
function isSigned({ headers }: Pick<Arrival, 'headers'>): boolean {
  return headers[header] !== undefined
}

/**
 * Judges the header `X-Mpesa-Signature`, in hex or base64: an HMAC-SHA256 of the body by the account's passkey, or an RSA
 * signature by Safaricom's production certificate. The passkey of the sandbox is published, so that what it signs proves nothing.
 */
export function readSignature(
  { headers, body }: Pick<Arrival, 'headers' | 'body'>,
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

const productionKey = createPublicKey(CERTIFICATES.production)

/** The arrival, in doubt if it bears a wrong signature: then its token has no power until a check confirms it. */
export async function judgeSignature(context: Context, arrival: TrustedArrival): Promise<TrustedArrival> {
  if (!isSigned(arrival)) return arrival
  const [passkey] = await passkeysOf(
    context,
    sql`
    select provider_account_id as id from payments where ${isNamed(arrival)}
    union all select provider_account_id from refunds where ${isNamed(arrival)}
    union all select provider_account_id from payouts where ${isNamed(arrival)}
    union all select id from provider_accounts where ${isNamed(arrival)}`,
  )
  return readSignature(arrival, passkey) === 'wrong' ? { ...arrival, doubt: 'forged' } : arrival
}

/** True when a body without a token is signed by a secret of the account whose request it names. */
export async function isSignedForRequest(context: Context, arrival: Arrival, requestId: string): Promise<boolean> {
  if (!isSigned(arrival)) return false
  const passkeys = await passkeysOf(
    context,
    sql`
    select provider_account_id as id from payments where provider_ref = ${requestId} and check_at is not null
    union all select provider_account_id from refunds where conversation_id = ${requestId} and check_at is not null
    union all select provider_account_id from payouts where conversation_id = ${requestId} and check_at is not null`,
  )
  return passkeys.some((passkey) => readSignature(arrival, passkey) === 'valid')
}

function isNamed({ merchant_id, subject_id }: TrustedArrival) {
  return sql`merchant_id = ${merchant_id} and id = ${subject_id}`
}

async function passkeysOf(context: Context, accountIds: ReturnType<typeof sql>): Promise<string[]> {
  const rows = await context.database.query<{ id: string }>(accountIds)
  const accounts = await findAccounts(
    context,
    rows.map(({ id }) => id),
  )
  return accounts.flatMap((account) => account?.credentials.passkey ?? [])
}
