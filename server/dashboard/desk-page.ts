import { html } from 'hono/html'
import type { Scope } from '../access/scope.ts'
import { flag } from '../web/html.ts'
import type { Html } from '../web/html.ts'
import { page } from '../web/page.ts'
import type { Nav, Page, Place } from '../web/page.ts'
import { toast } from '../web/parts/toast.ts'
import { doneWords } from './done.ts'
import type { Done } from './done.ts'
import { badgeOf, may } from './may.ts'
import { csrfField } from './signed-in.ts'
import type { SignedIn } from './signed-in.ts'

/** Who works at a page of the desk, where they are, and what waits for them. */
export type Desk = {
  signedIn: SignedIn
  /** The path of the place that is open. */
  here: string
  /** How many things wait for its reader, at which place. */
  waiting: Record<string, number>
  /** What has just been done, to be said once. */
  done?: Done | undefined
}

type DeskPlace = Omit<Place, 'count' | 'isHere'> & { needs: Scope }

/** The places of the desk, each for who may read what is there. The first few are at hand on a phone. */
const places: { name?: string; places: DeskPlace[] }[] = [
  {
    places: [
      { href: '/', name: 'Overview', needs: 'totals:read' },
      { href: '/payments', name: 'Payments', needs: 'totals:read' },
      { href: '/attention', name: 'Attention', needs: 'totals:read' },
      { href: '/cashier', name: 'Counter', needs: 'payments:write' },
    ],
  },
  {
    name: 'Money',
    places: [
      { href: '/invoices', name: 'Invoices', needs: 'totals:read' },
      { href: '/links', name: 'Payment links', needs: 'totals:read' },
      { href: '/receipt-book', name: 'Receipts', needs: 'totals:read' },
      { href: '/money-in', name: 'Money in', needs: 'totals:read' },
      { href: '/refunds', name: 'Refunds', needs: 'totals:read' },
      { href: '/payouts', name: 'Payouts', needs: 'payouts:read' },
      { href: '/reconciliation', name: 'Reconcile', needs: 'reconciliation:read' },
    ],
  },
  {
    name: 'Developers',
    places: [
      { href: '/webhooks', name: 'Webhooks', needs: 'webhooks:read' },
      { href: '/developers', name: 'Keys & accounts', needs: 'keys:write' },
    ],
  },
  {
    name: 'The business',
    places: [
      { href: '/team', name: 'Team', needs: 'team:write' },
      { href: '/settings', name: 'Settings', needs: 'team:write' },
      { href: '/outbox', name: 'Outbox', needs: 'team:write' },
      { href: '/audit', name: 'Audit log', needs: 'audit:read' },
    ],
  },
]

/** A page of the desk: the places that its reader may go to, whose business it is, and what there is to see. */
export function desk(
  { signedIn, here, waiting, done }: Desk,
  { title, head, body }: Pick<Page, 'title' | 'head' | 'body'>,
): Html {
  const { merchant, user } = signedIn
  return page({
    language: 'en',
    title: `${title} · ${merchant.name}`,
    nav: navOf(signedIn, { here, waiting }),
    under: [merchant.name, html`<a href="/account">${user.email}</a>`],
    foot: switches(signedIn),
    badge: badgeOf(signedIn),
    head,
    body: html`${body} ${done ? toast({ look: 'good', words: doneWords[done] }) : ''}`,
    words: { skip: 'To the page' },
  })
}

function navOf(signedIn: SignedIn, { here, waiting }: Pick<Desk, 'here' | 'waiting'>): Nav {
  const shown = places.map(({ name, places: list }) => ({
    ...(name && { name }),
    places: list
      .filter(({ needs }) => may(signedIn, needs))
      .map(({ href, name: word }) => ({
        href,
        name: word,
        isHere: href === here,
        ...(waiting[href] !== undefined && { count: waiting[href] }),
      })),
  }))
  const [first, ...groups] = shown.filter(({ places: list }) => list.length > 0)
  return { label: 'Lango', more: 'More', first: first?.places ?? [], groups }
}

/** The ways to another business of the same person, and between what is real money and what is not. */
function switches(signedIn: SignedIn): Html {
  const { merchant, merchants, mode } = signedIn
  const other = mode === 'test' ? 'live' : 'test'
  return html`<form class="switch" method="post" action="/switch">
      ${csrfField(signedIn)}
      ${
        merchants.length > 1
          ? html`<select class="field" name="merchant" aria-label="Business" data-goes>
                ${merchants.map(
                  ({ id, name }) =>
                    html`<option value="${id}" ${flag('selected', id === merchant.id)}>${name}</option>`,
                )}
              </select>
              <noscript><button class="may">Go</button></noscript>`
          : ''
      }
      <button class="may" name="mode" value="${other}">${other === 'live' ? 'To real money' : 'To test money'}</button>
    </form>
    <form class="switch" method="post" action="/sign-out">
      ${csrfField(signedIn)}<button class="may">Sign out</button>
    </form>`
}
