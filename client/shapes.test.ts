import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { z } from '@hono/zod-openapi'
import { createNode } from '../server/node.ts'
import type { accountView } from '../server/accounts/summary.ts'
import type { itemSchema as attentionSchema } from '../server/attention/item.ts'
import type { invoiceSchema } from '../server/invoices/invoice.ts'
import type { linkSchema } from '../server/links/link.ts'
import type { moneySchema } from '../server/money-in/money-in.ts'
import type { receiptSchema } from '../server/receipts/receipt.ts'
import type { acceptance } from '../server/questions/acceptance.ts'
import type { evidenceSchema } from '../server/evidence/list.ts'
import type { outsidePaymentSchema } from '../server/outside/outside-payment.ts'
import type { paymentSchema } from '../server/payments/payment.ts'
import type { batchSchema } from '../server/payouts/batch.ts'
import type { payoutSchema } from '../server/payouts/payout.ts'
import type { itemSchema } from '../server/reconciliation/item.ts'
import type { runSchema } from '../server/reconciliation/run.ts'
import type { refundSchema } from '../server/refunds/refund.ts'
import type { EventPattern as ServerEventPattern } from '../server/events/event-pattern.ts'
import type { EventType as ServerEventType } from '../server/events/event-type.ts'
import type { endpointSchema } from '../server/webhooks/endpoint-schema.ts'
import type { attemptSchema, deliverySchema } from '../server/webhooks/present.ts'
import { story } from '../testing/story.ts'
import { createLango } from './index.ts'
import type {
  Acceptance,
  Account,
  Delivery,
  DeliveryAttempt,
  EventPattern,
  EventType,
  Evidence,
  LangoEvent,
  AttentionItem,
  Invoice,
  MoneyIn,
  Payment,
  PaymentLink,
  OutsidePayment,
  Payout,
  Receipt,
  PayoutBatch,
  ReconciliationItem,
  ReconciliationRun,
  Refund,
  WebhookEndpoint,
} from './index.ts'

/** Only a type that is the other, neither wider nor narrower, passes the compiler. */
type Same<One, Other> =
  (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : { differ: [One, Other] }

type Flat<Type> = Type extends (infer Item)[]
  ? Flat<Item>[]
  : Type extends object
    ? { [Key in keyof Type]: Flat<Type[Key]> }
    : Type

function agree<One, Other>(same: Same<Flat<One>, Flat<Other>>): void {
  assert.equal(same, true)
}

test('the types of this package are those of the API', () => {
  agree<Account, z.infer<typeof accountView>>(true)
  agree<Payment, z.infer<typeof paymentSchema>>(true)
  agree<PaymentLink, z.infer<typeof linkSchema>>(true)
  agree<Evidence, z.infer<typeof evidenceSchema>>(true)
  agree<Refund, z.infer<typeof refundSchema>>(true)
  agree<Payout, z.infer<typeof payoutSchema>>(true)
  agree<PayoutBatch, z.infer<typeof batchSchema>>(true)
  agree<ReconciliationRun, z.infer<typeof runSchema>>(true)
  agree<ReconciliationItem, z.infer<typeof itemSchema>>(true)
  agree<Invoice, z.infer<typeof invoiceSchema>>(true)
  agree<OutsidePayment, z.infer<typeof outsidePaymentSchema>>(true)
  agree<Receipt, z.infer<typeof receiptSchema>>(true)
  agree<MoneyIn, z.infer<typeof moneySchema>>(true)
  agree<AttentionItem, z.infer<typeof attentionSchema>>(true)
  agree<Acceptance, z.infer<typeof acceptance>>(true)
  agree<WebhookEndpoint, z.infer<typeof endpointSchema>>(true)
  agree<Delivery, z.infer<typeof deliverySchema>>(true)
  agree<DeliveryAttempt, z.infer<typeof attemptSchema>>(true)
  agree<EventType, ServerEventType>(true)
  agree<EventPattern, ServerEventPattern>(true)
  agree<Exclude<LangoEvent['type'], 'webhook.test'>, ServerEventType>(true)
})

/** What an owner sets, and not a shop's program: the default account, keys, and the audit log. And a second name of a list, or of a check. */
const notForShops = /^\/(merchant(?!\/webhook|\/accounts)|api-keys|webhooks\/logs|audit|api\/v1)/

/** Calls every function of the client, and answers which routes that asked: `GET /payments/x`. */
async function askEverything(): Promise<string[]> {
  const asked: string[] = []
  const lango = createLango({
    url: 'http://lango.test',
    key: 'sk_test_1',
    fetch(url, { method }) {
      asked.push(`${method} ${new URL(url).pathname.replace('/v1', '')}`)
      return Response.json({ success: true, data: [] })
    },
  })
  for (const calls of Object.values(lango) as Record<string, (...given: unknown[]) => unknown>[]) {
    for (const call of Object.values(calls)) {
      const made = call.length === 0 ? call() : call('x', 'y')
      await (made instanceof Promise ? made : (made as { page(): Promise<unknown> }).page())
    }
  }
  return asked
}

test('every route of the API has its function, and every function its route', () =>
  story({}, async ({ context }) => {
    const document = (await (await createNode(context).app.request('/v1/openapi.json')).json()) as {
      paths: Record<string, Record<string, unknown>>
    }
    const routes = Object.entries(document.paths)
      .filter(([path]) => !notForShops.test(path))
      .flatMap(([path, methods]) =>
        Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/{\w+}/g, 'x')}`),
      )
    // A preview of a statement, and a batch as CSV, goes the way of its upload.
    assert.deepEqual([...new Set(await askEverything())].toSorted(), routes.toSorted())
  }))

test('the package imports nothing but its own files, so that it runs wherever fetch and WebCrypto do', () => {
  const files = readdirSync(import.meta.dirname).filter((file) => /(?<!\.test)\.ts$/.test(file))
  assert.ok(files.length > 10)
  for (const file of files) {
    const source = readFileSync(`${import.meta.dirname}/${file}`, 'utf8')
    for (const [, from] of source.matchAll(/^(?:import|export) [^']*?from '([^']+)'/gm))
      assert.match(from!, /^\.\//, file)
  }
})
