import { Hono } from 'hono'
import type { MiddlewareHandler } from 'hono'
import { succeeded } from '../api/answer.ts'
import { authenticated } from '../api/authenticated.ts'
import type { ApiEnvironment } from '../api/create-routes.ts'
import { parseJson } from '../callbacks/arrival.ts'
import type { Context } from '../context.ts'
import { checkNow } from '../payments/check.ts'
import { findPayment, findPaymentsNamed } from '../payments/find.ts'
import { presentPayment } from '../payments/payment.ts'
import type { ProviderName } from '../providers/names.ts'
import type { Provider } from '../providers/provider.ts'
import { Problem } from '../problem.ts'
import { ownReference } from '../reference.ts'

/**
 * Where a provider may post by hand, a merchant's own program may as well, with its API key: it names a payment, which is then asked
 * about. Safe to repeat. Whatever comes without a key goes on to those who hear callbacks.
 */
export function askByKeyRoutes(context: Context): Hono<ApiEnvironment> {
  const routes = new Hono<ApiEnvironment>()
  const identify = authenticated(context)
  const withKey: MiddlewareHandler<ApiEnvironment> = (c, next) =>
    c.req.header('X-API-Key') !== undefined || c.req.header('Authorization') ? identify(c, next) : next()
  for (const [name, provider] of Object.entries(context.providers) as [ProviderName, Provider][]) {
    const { names } = provider.payments
    if (!names) continue
    for (const path of provider.callbacks.paths)
      routes.post(path.replace('/:token?', ''), withKey, async (c, next) => {
        if (!c.get('caller')) return next()
        const { caller, context: asking } = c.var
        if (!caller.scopes.includes('payments:write'))
          throw new Problem('forbidden', 'This key lacks the scope payments:write.')
        const body = Buffer.from(await c.req.arrayBuffer())
        const named = names({ headers: {}, body, json: parseJson(body) })
        if (!named)
          throw new Problem('invalid_request', 'Name the payment: {"invoice_number"} or {"client_invoice_ref"}.')
        const found = await findPaymentsNamed(asking, { ...caller, provider: name }, named)
        const { own_reference: own } = named
        const payment = found.find(({ id }) => own === undefined || ownReference(id) === own)
        if (!payment) throw new Problem('not_found', 'There is no such payment, or it is not yours.')
        const outcome = await checkNow(asking, payment).catch((error: unknown) => {
          if (error instanceof Problem && error.code === 'check_too_soon') return 'asked_before'
          throw error
        })
        const shown = presentPayment(asking.config, await findPayment(asking, payment))
        return c.json(succeeded({ ...shown, check: { outcome } }))
      })
  }
  return routes
}
