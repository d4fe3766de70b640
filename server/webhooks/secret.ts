import { randomBytes } from 'node:crypto'
import { later } from '../clock.ts'
import { boundTo } from '../accounts/account.ts'
import { seal, unseal } from '../secret.ts'
import type { SecretKeys } from '../secret.ts'

/** How long an endpoint's old secret signs beside the new one, so that the merchant can change it without losing an event. */
const rotationMs = 24 * 60 * 60 * 1000

/** What an endpoint is signed with. `previous` only during a rotation. */
export type Secrets = { current: string; previous?: string }

/** The columns of an endpoint that hold its secrets, encrypted. */
export type SealedSecrets = {
  merchant_id: string
  endpoint_id: string
  secret: Buffer
  previous_secret: Buffer | null
  previous_secret_until: Date | null
}

type Owner = Pick<SealedSecrets, 'merchant_id' | 'endpoint_id'>
type Column = 'secret' | 'previous_secret'

/** A new secret in the form of Standard Webhooks: `whsec_` and the base64 of 32 random bytes. */
export function newWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`
}

/** Encrypts a secret for one column of one endpoint: it opens nowhere else. */
export function sealSecret(
  keys: SecretKeys,
  { merchant_id, endpoint_id }: Owner,
  column: Column,
  secret: string,
): Buffer {
  return seal(keys, 'webhook-secret', boundTo(merchant_id, endpoint_id, column), secret)
}

/**
 * Opens the secrets that sign at this moment.
 * @throws when this installation's key is not the one that sealed them.
 */
export function openSecrets(keys: SecretKeys, sealed: SealedSecrets, now: Date): Secrets {
  const { merchant_id, endpoint_id, secret, previous_secret, previous_secret_until } = sealed
  const open = (column: Column, value: Buffer) =>
    unseal(keys, 'webhook-secret', boundTo(merchant_id, endpoint_id, column), value)
  const current = open('secret', secret)
  if (!previous_secret || !previous_secret_until || previous_secret_until <= now) return { current }
  return { current, previous: open('previous_secret', previous_secret) }
}

/** Until when a secret that is replaced now goes on signing. */
export function rotationEnd(now: Date): Date {
  return later(now, rotationMs)
}
