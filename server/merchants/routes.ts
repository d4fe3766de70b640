import { createRoute, z } from '@hono/zod-openapi'
import { succeeded, success } from '../api/answer.ts'
import { createRoutes, needs } from '../api/create-routes.ts'
import type { ApiEnvironment } from '../api/create-routes.ts'
import { failures } from '../api/failure.ts'
import { body, languageSchema, optional, textSchema } from '../api/schema.ts'
import type { Context } from '../context.ts'
import { showId } from '../id.ts'
import { logoPath } from './logo.ts'
import { findMerchants, updateMerchant } from './merchant.ts'
import type { Merchant } from './merchant.ts'

const merchantSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    duplicate_guard: z.boolean(),
    color: z.string().nullable(),
    logo_url: z.string().nullable(),
    tax_pin: z.string().nullable(),
    vat_rate: z
      .string()
      .nullable()
      .openapi({ description: 'In percent; null where VAT is not charged.', example: '16' }),
    address: z.string().nullable(),
    email: z.string().nullable(),
    language: languageSchema.openapi({ description: 'In which payers are written to, where they have not chosen.' }),
    invoice_reminders: z
      .boolean()
      .openapi({ description: 'Whether customers are reminded of invoices that were sent to them.' }),
  })
  .openapi('Merchant')

const color = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^#[0-9a-f]{6}$/, 'A colour is written as #0b6b4f')
  // Capitals are taken too, and made small.
  .openapi({ pattern: '^#[0-9A-Fa-f]{6}$', example: '#0b6b4f' })

const taxPin = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[AP]\d{9}[A-Z]$/, 'A PIN of KRA is a letter A or P, nine digits and a letter, such as P051234567X')
  // Small letters are taken too, and made capitals.
  .openapi({ pattern: '^[APap]\\d{9}[A-Za-z]$', example: 'P051234567X' })

const vatRate = z
  .union([z.number(), z.string()])
  .transform((value, context) => {
    const text = String(value).trim()
    if (/^\d{1,3}(?:\.\d{1,2})?$/.test(text) && Number(text) <= 100) return Math.round(Number(text) * 100)
    context.addIssue({ code: 'custom', message: 'A rate of VAT is a number of percent from 0 to 100, such as 16.' })
    return z.NEVER
  })
  .openapi({ example: '16', description: 'In percent. What is paid without an invoice has it inside.' })

const show = createRoute({
  method: 'get',
  path: '/merchant',
  tags: ['Merchant'],
  summary: 'The merchant whose key this is',
  description: 'Its name, its settings, and how its payers see it.',
  middleware: needs('merchant:read'),
  responses: { 200: success(merchantSchema, 'The merchant'), ...failures },
})

const me = createRoute({
  ...show,
  path: '/merchant/me',
  summary: 'The merchant whose key this is, under another name',
  description: 'The same as GET /v1/merchant.',
})

const change = createRoute({
  method: 'patch',
  path: '/merchant',
  tags: ['Merchant'],
  summary:
    'Change the name, the colour, what receipts say of you, how payers are written to, or the guard against a second payment',
  description:
    'The colour is what payers see on the first letter of the name and on the button that they press; the words on it are black or white, whichever is read more easily. The guard refuses a payment like one of the last minute. `null` takes tax_pin, vat_rate, address and email away; receipts that were issued stay as they are.',
  middleware: needs('merchant:write'),
  request: {
    body: body(
      z
        .strictObject({
          name: optional(textSchema(100)),
          duplicate_guard: optional(z.boolean()),
          color: optional(color),
          language: optional(languageSchema),
          invoice_reminders: optional(z.boolean()),
          tax_pin: taxPin.nullish().openapi({ description: 'As receipts show it. `null` takes it away.' }),
          vat_rate: vatRate.nullish(),
          address: textSchema(300).nullish().openapi({ example: 'Kimathi Street 12, Nairobi' }),
          email: z
            .email()
            .max(254)
            .nullish()
            .openapi({ description: 'Where payers reach you: receipts show it, and mail is answered to it.' }),
        })
        .openapi('MerchantChange'),
    ),
  },
  responses: { 200: success(merchantSchema, 'The merchant'), ...failures },
})

/** The merchant's own settings over HTTP. */
export function merchantRoutes() {
  return createRoutes()
    .openapi(show, async (c) => c.json(succeeded(await merchantOf(c.var)), 200))
    .openapi(me, async (c) => c.json(succeeded(await merchantOf(c.var)), 200))
    .openapi(change, async (c) => {
      const { context, caller } = c.var
      const { vat_rate: vat_rate_points, ...given } = c.req.valid('json')
      const changed = await updateMerchant(context, { ...given, id: caller.merchant_id, vat_rate_points })
      return c.json(succeeded(presentMerchant(context, changed)), 200)
    })
}

async function merchantOf({ context, caller }: ApiEnvironment['Variables']) {
  const [found] = await findMerchants(context, [caller.merchant_id])
  return presentMerchant(context, found!)
}

function presentMerchant({ config }: Context, merchant: Merchant): z.infer<typeof merchantSchema> {
  const { id, name, duplicate_guard, color: shown, logo_version: version, vat_rate_points, ...others } = merchant
  const { tax_pin, address, email, language, invoice_reminders } = others
  const logo_url = version && config.publicUrl + logoPath({ merchant_id: id, version })
  const vat_rate = vat_rate_points === null ? null : String(vat_rate_points / 100)
  return {
    id: showId('mer', id),
    name,
    duplicate_guard,
    color: shown,
    logo_url,
    tax_pin,
    vat_rate,
    address,
    email,
    language,
    invoice_reminders,
  }
}
