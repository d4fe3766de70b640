import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { compress } from 'hono/compress'
import type { Context } from '../context.ts'
import { accountPages } from './account/routes.ts'
import { auditPages } from './audit/routes.ts'
import { developerPages } from './developers/routes.ts'
import { settingsPages } from './settings/routes.ts'
import { teamPages } from './team/routes.ts'
import { webhookPages } from './webhooks/routes.ts'
import { attentionPages } from './attention/routes.ts'
import { moneyPages } from './money-in/routes.ts'
import { refundPages } from './refunds/routes.ts'
import { invoicePages } from './invoices/routes.ts'
import { linkPages } from './links/routes.ts'
import { receiptBookPages } from './receipt-book/routes.ts'
import { cashierPages } from './cashier/routes.ts'
import { payoutPages } from './payouts/routes.ts'
import { reconciliationPages } from './reconciliation/routes.ts'
import { overviewRoutes } from './overview/routes.ts'
import { paymentPages } from './payments/routes.ts'
import { Problem } from '../problem.ts'
import { showError } from './show-page.ts'
import type { DeskContext } from './desk-context.ts'
import { signedIn } from './signed-in.ts'
import type { SignedInEnvironment } from './signed-in.ts'

/** The places of the desk. What stands below them is theirs too. */
const places =
  '/payments /invoices /outside-payments /links /receipt-book /attention /money-in /refunds /payouts /reconciliation /cashier /webhooks /developers /team /settings /audit /account'.split(
    ' ',
  )

/** A form with a statement in it, which is larger than others. */
const statementForm = bodyLimit({
  maxSize: 33 * 1024 * 1024,
  onError: () => {
    throw new Problem('body_too_large', 'A statement has at most 32 MB. Export a shorter period, or as XLSX.')
  },
})

/** The pages of people who work with Lango every day, each for who is signed in. */
export function deskRoutes(context: Context): Hono<SignedInEnvironment> {
  const routes = new Hono<SignedInEnvironment>()
  routes.use('/reconciliation/preview', statementForm)
  for (const path of ['/', ...places.flatMap((place) => [`${place}.csv`, `${place}/*`])])
    routes.use(path, compress(), signedIn(context))
  routes.route('/', overviewRoutes())
  routes.route('/', paymentPages())
  routes.route('/', invoicePages())
  routes.route('/', linkPages())
  routes.route('/', receiptBookPages())
  routes.route('/', attentionPages())
  routes.route('/', moneyPages())
  routes.route('/', refundPages())
  routes.route('/', webhookPages())
  routes.route('/', developerPages())
  routes.route('/', teamPages())
  routes.route('/', settingsPages())
  routes.route('/', auditPages())
  routes.route('/', accountPages())
  routes.route('/', payoutPages())
  routes.route('/', reconciliationPages())
  routes.route('/', cashierPages())
  routes.onError((error, c) => showError(context, error, c as DeskContext))
  return routes
}
