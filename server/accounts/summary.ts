import { z } from '@hono/zod-openapi'
import { showId } from '../id.ts'
import { mask } from '../secret.ts'
import type { Account } from './account.ts'

/** An account as the outside may see it. */
export const accountSummary = z
  .object({
    provider: z.string(),
    account_id: z.string(),
    config_summary: z.object({
      env: z.string(),
      shortcode: z.string(),
      type: z.string(),
      till: z.string().nullable(),
      consumer_key: z.string(),
      consumer_secret: z.string(),
      passkey: z.string(),
      initiator: z.string().nullable(),
      security_credential: z.string().nullable(),
      result_url: z.string().nullable(),
      timeout_url: z.string().nullable(),
      nominated_number: z.string().nullable(),
    }),
  })
  .openapi('ProviderAccount')

/** Shows an account, its secrets masked. */
export function summarizeAccount({
  id,
  provider,
  environment,
  shortcode,
  type,
  till,
  credentials,
}: Account): z.infer<typeof accountSummary> {
  return {
    provider,
    account_id: showId('acc', id),
    config_summary: {
      env: environment,
      shortcode,
      type,
      till,
      consumer_key: mask(credentials.consumer_key),
      consumer_secret: mask(credentials.consumer_secret),
      passkey: mask(credentials.passkey),
      initiator: credentials.initiator ?? null,
      security_credential: credentials.security_credential ? mask(credentials.security_credential) : null,
      result_url: credentials.result_url ?? null,
      timeout_url: credentials.timeout_url ?? null,
      nominated_number: credentials.nominated_number ?? null,
    },
  }
}
