import { z } from '@hono/zod-openapi'
import type { Config } from '../config.ts'
import { showId } from '../id.ts'
import { toShillings } from '../money.ts'

/** A row of `payment_links`. A test compares its keys and nullability with the catalogue. */
export const linkRow = z.object({
  merchant_id: z.string(),
  id: z.string(),
  provider_account_id: z.string(),
  provider: z.enum(['mpesa', 'pesaflow']),
  environment: z.enum(['simulator', 'sandbox', 'live']),
  name: z.string(),
  amount_cents: z.number().int().nullable(),
  uses_max: z.number().int().nullable(),
  uses_begun: z.number().int(),
  metadata: z.record(z.string(), z.unknown()),
  return_url: z.string().nullable(),
  idempotency_key: z.string().nullable(),
  ended_at: z.date().nullable(),
  created_at: z.date(),
  updated_at: z.date(),
})

/** A page to pay at, and how often it was paid there. */
export type Link = z.infer<typeof linkRow> & { uses: number }

/** A payment link as the outside sees it. */
export const linkSchema = z
  .object({
    id: z.string(),
    merchant_id: z.string(),
    environment: linkRow.shape.environment,
    provider: linkRow.shape.provider,
    account: z.string(),
    status: z.enum(['active', 'ended']),
    name: z.string(),
    amount: z.string().nullable().openapi({ description: 'Null where the payer writes how much.' }),
    currency: z.literal('KES'),
    max_uses: z.number().nullable(),
    uses: z.number().openapi({ description: 'How many payments were completed at it.' }),
    url: z.string(),
    qr_url: z.string().openapi({ description: 'A picture, as SVG, of a QR code that leads to the url.' }),
    return_url: z.string().nullable(),
    metadata: z.record(z.string(), z.unknown()),
    idempotency_key: z.string().nullable(),
    created_at: z.string(),
    ended_at: z.string().nullable(),
  })
  .openapi('PaymentLink')

/** Shows a payment link: shillings for cents. */
export function presentLink({ publicUrl }: Pick<Config, 'publicUrl'>, link: Link): z.infer<typeof linkSchema> {
  const url = `${publicUrl}/pay/${showId('lnk', link.id)}`
  return {
    id: showId('lnk', link.id),
    merchant_id: showId('mer', link.merchant_id),
    environment: link.environment,
    provider: link.provider,
    account: showId('acc', link.provider_account_id),
    status: link.ended_at || isUsedUp(link) ? 'ended' : 'active',
    name: link.name,
    amount: link.amount_cents === null ? null : toShillings(link.amount_cents),
    currency: 'KES',
    max_uses: link.uses_max,
    uses: link.uses,
    url,
    qr_url: `${url}/qr.svg`,
    return_url: link.return_url,
    metadata: link.metadata,
    idempotency_key: link.idempotency_key,
    created_at: link.created_at.toISOString(),
    ended_at: link.ended_at?.toISOString() ?? null,
  }
}

/** True where it was paid as often as it may be. */
export function isUsedUp({ uses, uses_max }: Pick<Link, 'uses' | 'uses_max'>): boolean {
  return uses_max !== null && uses >= uses_max
}
