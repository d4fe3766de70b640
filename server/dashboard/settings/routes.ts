import { Hono } from 'hono'
import { z } from 'zod'
import { languageSchema, textSchema } from '../../api/schema.ts'
import { findMerchants, updateMerchant } from '../../merchants/merchant.ts'
import { parseShillings } from '../../money.ts'
import { disablePayouts, enablePayouts } from '../../payouts/enable.ts'
import { limitsWhereOn } from '../../payouts/limit.ts'
import type { Limits } from '../../payouts/limit.ts'
import { asSeen } from '../as-seen.ts'
import { answerForm } from '../answer-form.ts'
import { readForm } from '../form.ts'
import type { Refused } from '../form.ts'
import { entry, goOn, show } from '../show-page.ts'
import type { DeskContext } from '../desk-context.ts'
import type { SignedInEnvironment } from '../signed-in.ts'
import { confirmAgain } from '../step-up.ts'
import { settingsBody } from './settings-page.ts'

/** The business itself, and what it may send: `/settings`, for owners. */
export function settingsPages() {
  return new Hono<SignedInEnvironment>()
    .use('/settings/*', entry('team:write'))
    .get('/settings', (c) => look(c))
    .post('/settings', asSeen(), change)
    .post('/settings/payouts', asSeen(), enable)
    .post('/settings/payouts/off', asSeen(), disable)
}

async function look(c: DeskContext, refused?: Refused, status = 200): Promise<Response> {
  const { context, signedIn } = c.var
  const [[merchant], limits] = await Promise.all([
    findMerchants(context, [signedIn.merchant.id]),
    limitsWhereOn(context.database, signedIn.merchant.id),
  ])
  const body = settingsBody({ context, signedIn, merchant: merchant!, limits, refused })
  return show(c, { place: '/settings', title: 'Settings', head: { title: 'Settings' }, body }, status)
}

const amount = z.string().transform((text, context) => {
  const cents = parseShillings(text.replace(/[,\s]/g, ''))
  if (cents !== undefined) return cents
  context.addIssue('Write an amount in shillings, such as 100000')
  return z.NEVER
})

const limitFields = z.object({ daily_limit: amount, approval_above: amount.optional() })

function enable(c: DeskContext): Promise<Response> {
  return answerForm(c, {
    form: 'payouts',
    again: (refused, status) => look(c, refused, status),
    async work() {
      const { value } = await readForm(c, 'payouts', limitFields)
      await confirmAgain(c)
      const limits: Limits = {
        daily_limit_cents: value.daily_limit,
        approval_above_cents: value.approval_above ?? null,
      }
      await enablePayouts(c.var.context, { merchant_id: c.var.signedIn.merchant.id, ...limits })
      return goOn(c, '/settings?done=limits_kept')
    },
  })
}

function disable(c: DeskContext): Promise<Response> {
  return answerForm(c, {
    form: 'payouts',
    again: (refused, status) => look(c, refused, status),
    async work() {
      await confirmAgain(c)
      await disablePayouts(c.var.context, c.var.signedIn.merchant.id)
      return goOn(c, '/settings?done=payouts_off')
    },
  })
}

const businessFields = z.object({
  name: textSchema(100),
  color: z
    .string()
    .toLowerCase()
    .regex(/^#[0-9a-f]{6}$/, 'A colour is written as #0b6b4f')
    .optional(),
  language: languageSchema.optional(),
})

function change(c: DeskContext): Promise<Response> {
  return answerForm(c, {
    form: 'business',
    again: (refused, status) => look(c, refused, status),
    async work() {
      const { value, typed } = await readForm(c, 'business', businessFields)
      const duplicate_guard = typed['duplicate_guard'] === 'yes'
      const invoice_reminders = typed['invoice_reminders'] === 'yes'
      const given = { ...value, duplicate_guard, invoice_reminders }
      await updateMerchant(c.var.context, { id: c.var.signedIn.merchant.id, ...given })
      return goOn(c, '/settings?done=business_kept')
    },
  })
}
