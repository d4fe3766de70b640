import { z } from '@hono/zod-openapi'
import type { Caller } from '../access/key.ts'
import { optional, textSchema } from '../api/schema.ts'
import { Problem } from '../problem.ts'
import type { AccountInput } from './given.ts'

const numberOf = (what: string) => z.string().regex(/^\d{1,10}$/, `A ${what} is 1 to 10 digits, as eCitizen gave it`)

/** Where eCitizen answers in production: an organisation is told one of them, and the first where nothing is said. */
// Source: reference of integrators.
export const pesaflowHosts = ['payments.ecitizen.go.ke', 'pesaflow.ecitizen.go.ke'] as const

/** How the hash of a notification can be made. */
export const pesaflowRecipes = ['A', 'B', 'off'] as const

/** An account with Pesaflow, eCitizen's gateway, as a merchant describes it. */
export const pesaflowSchema = z.strictObject({
  env: z.enum(['simulator', 'sandbox', 'live']),
  api_client_id: numberOf('client number').openapi({ example: '588' }),
  service_id: numberOf('service number').openapi({
    example: '48798',
    description: 'Of the service that is paid for. Another one is another account.',
  }),
  api_key: optional(textSchema(200)).openapi({
    description: 'Needed for a new account; of one that is there it stays where none is given. So does the secret.',
  }),
  secret: optional(textSchema(200)),
  host: optional(z.enum(pesaflowHosts, `The host is one of ${pesaflowHosts.join(' and ')}`)).openapi({
    description: `Where eCitizen answers in production, as it told you: ${pesaflowHosts[0]} where nothing is said.`,
  }),
  ipn_recipe: optional(z.enum(pesaflowRecipes, 'The recipe is A, B or off')).openapi({
    description:
      'How the hash of a notification is made. Nobody published it: B fits what was recorded. Whatever is said here, a notification settles nothing before the status confirms it.',
  }),
})

/** What can be changed of one that is there: its numbers say which one it is, and stay. */
export const pesaflowChange = pesaflowSchema.omit({ env: true, api_client_id: true, service_id: true })

export type PesaflowGiven = z.infer<typeof pesaflowSchema>

/**
 * Reads an account with Pesaflow as a caller gives it: its client number and the service's say which one.
 * @throws a Problem for a live account that comes with a test key.
 */
export function readPesaflowAccount(
  { merchant_id, mode }: Pick<Caller, 'merchant_id' | 'mode'>,
  { env: environment, api_client_id, service_id, ...credentials }: PesaflowGiven,
): AccountInput {
  if (environment === 'live' && mode === 'test')
    throw new Problem(
      'forbidden',
      'A test key does not configure a live account. Use a live key (sk_live_…).',
      'pesaflow.env',
    )
  return {
    merchant_id,
    provider: 'pesaflow',
    environment,
    shortcode: api_client_id,
    till: service_id,
    type: 'paybill',
    credentials,
  }
}
