import assert from 'node:assert/strict'
import { test } from 'node:test'
import { roles } from '../access/role.ts'
import type { Role } from '../access/role.ts'
import { signInAs } from '../../testing/signed-in.ts'
import { story } from '../../testing/story.ts'
import { visitorOf } from '../../testing/visitor.ts'
import type { Answer } from '../../testing/visitor.ts'
import { createNode } from '../node.ts'

const desk: Role[] = ['owner', 'developer', 'finance', 'viewer']

/** By what the path of a page begins, who gets to it and all below it, and who may send the forms there. */
const places: [begins: string, mayLook: Role[], mayDo: Role[]][] = [
  ['/account', [...roles], [...roles]],
  ['/sign-out', [...roles], [...roles]],
  ['/switch', [...roles], [...roles]],
  ['/payments', desk, ['owner', 'developer', 'finance']],
  // What each thing asks for is found out when it is there.
  ['/attention', desk, desk],
  ['/money-in', desk, ['owner', 'developer', 'finance']],
  ['/refunds', desk, ['owner', 'finance']],
  ['/payouts', desk, ['owner', 'finance']],
  ['/reconciliation', desk, ['owner', 'finance']],
  ['/invoices', desk, ['owner', 'developer', 'finance']],
  ['/outside-payments', desk, ['owner', 'developer', 'finance']],
  ['/links', desk, ['owner', 'developer', 'finance']],
  ['/receipt-book', desk, []],
  ['/cashier', ['owner', 'developer', 'finance', 'cashier'], ['owner', 'developer', 'finance', 'cashier']],
  ['/outbox', ['owner'], ['owner']],
  ['/team', ['owner'], ['owner']],
  ['/settings', ['owner'], ['owner']],
  ['/audit', ['owner'], []],
  ['/developers', ['owner', 'developer'], ['owner', 'developer']],
  ['/webhooks', ['owner', 'developer'], ['owner', 'developer']],
  ['/', desk, []],
]

/** What is otherwise than all beside it. */
const others: Record<string, Role[]> = {
  'POST /payments/:id/refund': ['owner', 'finance'],
  'POST /payments/:id/tell': ['owner', 'developer'],
  'POST /money-in/:receipt/refund': ['owner', 'finance'],
  'GET /invoices/new': ['owner', 'developer', 'finance'],
  'POST /outside-payments/:id/approve': ['owner', 'finance'],
  'POST /outside-payments/:id/withdraw': ['owner', 'finance'],
  'GET /links/new': ['owner', 'developer', 'finance'],
  'GET /reconciliation/statement.pdf': ['owner', 'finance'],
  'GET /payouts/new': ['owner', 'finance'],
  'GET /payouts/batches/new': ['owner', 'finance'],
}

const Referer = 'https://lango.test/invoices?overdue=true'

type Route = { method: string; path: string }

test('each page and each form of the dashboard is for the roles that it is for, and for nobody who is not signed in', () =>
  story({}, async (told) => {
    const { app } = createNode(told.context)
    const found = new Map<string, Route>()
    for (const { method, path } of app.routes)
      if (isOfDashboard(path) && method !== 'ALL') found.set(`${method} ${path}`, { method, path })
    assert.ok(found.size > 40, `There are ${found.size}.`)
    const stranger = visitorOf(told)
    const people = await Promise.all(roles.map((role) => signInAs(told, { role })))
    const letIn = new Map<string, Role[]>()
    for (const [name, { method, path }] of found) {
      const here = path.replace(/:\w+/g, 'nothing')
      const ask = (who: typeof stranger) => (method === 'GET' ? who.get(here) : who.send(here, {}, { Referer }))
      assert.match((await ask(stranger)).to ?? '', /^\/sign-in/, name)
      // Whose session has ended comes back to the page on which the form stood.
      if (method === 'POST' && path !== '/sign-out')
        assert.equal((await ask(stranger)).to, '/sign-in?to=%2Finvoices%3Foverdue%3Dtrue', name)
      if (path === '/sign-out') continue
      const answers = await Promise.all(people.map(ask))
      letIn.set(
        name,
        roles.filter((_, index) => isLetIn(answers[index]!)),
      )
    }
    const meant = [...letIn.keys()].map((name) => [
      name,
      roles.filter((role) => whoMay(found.get(name)!).includes(role)),
    ])
    assert.deepEqual([...letIn], meant)
  }))

// Whoever has no overview is led to the counter.
function isLetIn({ text, to }: Answer): boolean {
  return !/This is not for your role|Not for you/.test(text) && to !== '/cashier'
}

function whoMay({ method, path }: Route): readonly Role[] {
  const [, mayLook, mayDo] = places.find(([begins]) => path.startsWith(begins))!
  return others[`${method} ${path}`] ?? (method === 'GET' ? mayLook : mayDo)
}

function isOfDashboard(path: string): boolean {
  return !/^\/(v1|api|docs|web|pay|logos?|healthz|readyz|livez|join|sign-in|receipts|openapi)\b|^\*|\*$/.test(path)
}
