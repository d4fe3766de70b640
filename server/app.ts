import { OpenAPIHono, z } from '@hono/zod-openapi'
import { admission } from './api/admission.ts'
import type { ApiEnvironment } from './api/create-routes.ts'
import { guardedAnswer } from './api/guarded-answer.ts'
import { allowedMethods } from './api/allowed-methods.ts'
import { authenticated } from './api/authenticated.ts'
import { newRequestId, problemBehind, renderProblem } from './api/failure.ts'
import { attentionRoutes } from './attention/routes.ts'
import { askByKeyRoutes } from './questions/ask-by-key.ts'
import { questionRoutes } from './questions/routes.ts'
import { c2bRoutes } from './c2b/routes.ts'
import type { Hear } from './callbacks/hear.ts'
import { callbackRoutes } from './callbacks/routes.ts'
import { returnRoutes } from './checkout/return-routes.ts'
import { checkoutRoutes } from './checkout/routes.ts'
import type { Context } from './context.ts'
import { dashboardRoutes } from './dashboard/routes.ts'
import { health } from './api/health.ts'
import { limitBody } from './api/limit-body.ts'
import { listCsv } from './api/list-csv.ts'
import { readRequest } from './api/read-request.ts'
import { traced } from './api/traced.ts'
import { wordsFor } from './api/words.ts'
import { showPath } from './log.ts'
import { auditRoutes } from './access/audit-routes.ts'
import { accessRoutes } from './access/routes.ts'
import { severalAccountRoutes } from './accounts/account-routes.ts'
import { accountRoutes } from './accounts/routes.ts'
import { eventRoutes } from './events/routes.ts'
import { linkRoutes } from './links/routes.ts'
import { logoPictures, logoRoutes } from './merchants/logo-routes.ts'
import { merchantRoutes } from './merchants/routes.ts'
import { invoiceLetterRoutes } from './invoices/letter-routes.ts'
import { invoiceRoutes } from './invoices/routes.ts'
import { moneyRoutes } from './money-in/routes.ts'
import { paymentRoutes } from './payments/routes.ts'
import { batchesPath } from './payouts/batch-routes.ts'
import { outsideRoutes } from './outside/routes.ts'
import { payoutRoutes } from './payouts/routes.ts'
import { Problem } from './problem.ts'
import { receiptPages } from './receipts/page-routes.ts'
import { receiptRoutes } from './receipts/routes.ts'
import { reconciliationRoutes, statementsPath } from './reconciliation/routes.ts'
import { referenceRoutes } from './reference/routes.ts'
import { refundRoutes } from './refunds/routes.ts'
import { asDeskPage } from './web/headers.ts'
import { isForReading, lostPage } from './web/lost-page.ts'
import { webRoutes } from './web/routes.ts'
import { webhookRoutes } from './webhooks/routes.ts'

/** The server as a `fetch`: every route, mounted in one place. */
export function createApp(context: Context, hear: Hear): OpenAPIHono<ApiEnvironment> {
  const app = new OpenAPIHono<ApiEnvironment>()
  app.onError((error, c) => renderProblem(c, problemBehind(context, error, c.req.path), context.config))
  app.notFound((c) => {
    if (isForReading(c.req)) {
      asDeskPage(c)
      return c.html(lostPage(), 404)
    }
    const render = (problem: Problem) => renderProblem(c, problem, context.config)
    const [method, path] = [c.req.method, showPath(c.req.path)]
    const allowed = allowedMethods(app, c.req.path)
    // Its own route may have found that what the path names is not there.
    if (allowed.length === 0 || allowed.includes(method))
      return render(new Problem('not_found', `There is no ${method} ${path}. The reference is at /docs.`))
    c.header('Allow', allowed.join(', '))
    return render(new Problem('method_not_allowed', `${path} takes ${allowed.join(', ')}, and not ${method}.`))
  })
  app.use(traced)
  app.use(async (c, next) => {
    const id = newRequestId(context.clock.now())
    c.set('request_id', id)
    c.header('X-Request-Id', id)
    // An answer is for whoever asked, at this moment, and what it says it is. A file that may be kept says so itself.
    c.header('Cache-Control', 'no-store')
    await next()
    // Whoever kept the connection would send the next request to a node that is gone.
    if (context.signals.stopping.aborted) c.header('Connection', 'close')
  })
  app.use(guardedAnswer(context.config))
  // A statement may be larger, and a payer is answered by a page.
  app.use(limitBody({ except: [statementsPath, '/pay/', '/reconciliation/preview'] }))

  app.route('/', health(context))
  app.route('/', askByKeyRoutes(context))
  app.route('/', callbackRoutes(context, hear))
  // Before the checkout, which answers all else that is asked of a payment.
  app.route('/', receiptPages(context))
  app.route('/', returnRoutes(context))
  app.route('/', checkoutRoutes(context))
  app.route('/', webRoutes())
  app.route('/', logoPictures(context))
  app.route('/', dashboardRoutes(context))

  const api = createApi(context, (request, env) => app.fetch(request, env))
  referenceRoutes(app, api)
  app.route('/v1', api)
  return app
}

/** The routes of `/v1`, behind an API key. */
function createApi(context: Context, ask: Parameters<typeof listCsv>[0]): OpenAPIHono<ApiEnvironment> {
  const api = new OpenAPIHono<ApiEnvironment>()
  // Where a schema has no message of its own, its words are ours.
  z.config({ localeError: wordsFor })
  api.use(admission(context))
  api.use(authenticated(context))
  api.use(readRequest({ except: statementsPath, large: batchesPath }))
  api.use(listCsv(ask, api))
  api.route('/', paymentRoutes())
  api.route('/', refundRoutes())
  api.route('/', payoutRoutes())
  api.route('/', questionRoutes())
  api.route('/', merchantRoutes())
  api.route('/', logoRoutes())
  api.route('/', accountRoutes())
  api.route('/', severalAccountRoutes())
  api.route('/', accessRoutes())
  api.route('/', auditRoutes())
  api.route('/', eventRoutes())
  api.route('/', webhookRoutes())
  api.route('/', c2bRoutes())
  api.route('/', attentionRoutes())
  api.route('/', moneyRoutes())
  api.route('/', invoiceRoutes())
  api.route('/', invoiceLetterRoutes())
  api.route('/', outsideRoutes())
  api.route('/', linkRoutes())
  api.route('/', receiptRoutes())
  api.route('/', reconciliationRoutes())
  return api
}
