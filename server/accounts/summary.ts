import { z } from '@hono/zod-openapi'
import { providerSchema } from '../api/schema.ts'
import { showId } from '../id.ts'
import { mask } from '../secret.ts'
import { mpesaCredentials, pesaflowCredentials } from './account.ts'
import type { Account } from './account.ts'

const mpesaSummary = z.object({
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
})

const pesaflowSummary = z.object({
  env: z.string(),
  api_client_id: z.string(),
  service_id: z.string(),
  api_key: z.string(),
  secret: z.string(),
  host: z.string().nullable(),
  ipn_recipe: z.string(),
})

const configSummary = z.union([mpesaSummary, pesaflowSummary])

/** The default account with a provider as the outside may see it. */
export const accountSummary = z
  .object({ provider: z.string(), account_id: z.string(), config_summary: configSummary })
  .openapi('ProviderAccount')

/** Shows the default account with a provider, its secrets masked. */
export function summarizeAccount(account: Account): z.infer<typeof accountSummary> {
  return {
    provider: account.provider,
    account_id: showId('acc', account.id),
    config_summary: summarizeConfig(account),
  }
}

/** One of several accounts as the outside may see it. */
export const accountView = z
  .object({
    id: z.string(),
    name: z.string(),
    provider: providerSchema,
    environment: z.enum(['simulator', 'sandbox', 'live']),
    is_default: z.boolean().openapi({ description: 'What names no account uses this one.' }),
    c2b_registered_at: z.string().nullable(),
    pull_registered_at: z.string().nullable(),
    config_summary: configSummary,
    created_at: z.string(),
    ended_at: z.string().nullable().openapi({
      description: 'Since when nothing new is made with it. It stays for the checks and refunds of what was.',
    }),
  })
  .openapi('Account')

/** Shows one of several accounts, its secrets masked. */
export function presentAccount(account: Account): z.infer<typeof accountView> {
  return {
    id: showId('acc', account.id),
    name: account.name,
    provider: account.provider,
    environment: account.environment,
    is_default: account.is_default,
    c2b_registered_at: account.c2b_registered_at?.toISOString() ?? null,
    pull_registered_at: account.pull_registered_at?.toISOString() ?? null,
    config_summary: summarizeConfig(account),
    created_at: account.created_at.toISOString(),
    ended_at: account.ended_at?.toISOString() ?? null,
  }
}

function summarizeConfig(account: Account): z.infer<typeof configSummary> {
  return account.provider === 'mpesa' ? summarizeMpesa(account) : summarizePesaflow(account)
}

function summarizePesaflow(account: Account): z.infer<typeof pesaflowSummary> {
  const { api_key, secret, host, ipn_recipe } = pesaflowCredentials(account)
  return {
    env: account.environment,
    api_client_id: account.shortcode,
    service_id: account.till ?? '',
    api_key: mask(api_key),
    secret: mask(secret),
    host: host ?? null,
    ipn_recipe: ipn_recipe ?? 'B',
  }
}

function summarizeMpesa(account: Account): z.infer<typeof mpesaSummary> {
  const { environment, shortcode, type, till } = account
  const credentials = mpesaCredentials(account)
  return {
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
  }
}
