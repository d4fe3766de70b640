import { mpesaCredentials } from '../accounts/account.ts'
import type { Account } from '../accounts/account.ts'
import { later } from '../clock.ts'
import type { Context } from '../context.ts'
import { sandboxPasskey } from '../providers/mpesa/sandbox-passkey.ts'
import { named, ofEach } from './concerned.ts'
import type { InUse } from './concerned.ts'
import type { Finding, Seen } from './finding.ts'

/** What an RSA key of 2048 bits makes of a password. */
const sealedBytes = 256

// Source: Safaricom's portal: passwords of API operators end after 90 days.
const passwordLifeMs = 90 * 86_400_000

/** Looks at what live accounts were given: credentials, an operator, and where money that comes by itself is told of. */
export function examineCredentials(context: Context, { live }: InUse): Finding[] {
  const since = later(context.clock.now(), -passwordLifeMs)
  return [
    ofEach(
      'live accounts have credentials of their own',
      'Set them from what Safaricom sent when it put the short code live: lango merchants provider.',
      live,
      (account) =>
        mpesaCredentials(account).passkey === sandboxPasskey
          ? { wrong: [`${named(account)} has the passkey of the sandbox.`] }
          : {},
    ),
    ofEach(
      'live accounts have an API operator for refunds, balances and receipts',
      'Make one in the M-PESA organisation portal, set it with lango merchants provider, and ask for the balance: POST /v1/mpesa/balance.',
      live,
      (account) => operatorOf(account, since),
    ),
    ofEach(
      'Safaricom tells of what customers send by themselves (C2B)',
      'Register: POST /v1/mpesa/c2b/register. Until then such money shows only in a statement.',
      live,
      (account) =>
        account.c2b_registered_at
          ? { right: [`${named(account)}: registered at ${account.c2b_registered_at.toISOString()}.`] }
          : { wrong: [`${named(account)} is not registered.`] },
    ),
  ]
}

function operatorOf(account: Account, since: Date): Seen {
  const { balance_at, balance_problem } = account
  const { initiator, security_credential } = mpesaCredentials(account)
  const name = named(account)
  if (!initiator || !security_credential) return { wrong: [`${name} has no API operator.`] }
  if (!isSealed(security_credential))
    return {
      wrong: [`${name}: the security credential is no password that was encrypted by Safaricom's certificate.`],
    }
  if (balance_problem) return { wrong: [`${name}: asked for the balance, M-Pesa said: ${balance_problem}`] }
  if (balance_at && balance_at > since) return { right: [`${name}: it worked at ${balance_at.toISOString()}.`] }
  return {
    unknown: [
      `${name}: whether Safaricom takes it shows when it is used, and it has not told the balance in 90 days, after which its password ends.`,
    ],
  }
}

function isSealed(text: string): boolean {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) && Buffer.from(text, 'base64').length === sealedBytes
}
