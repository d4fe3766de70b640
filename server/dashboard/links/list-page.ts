import { html } from 'hono/html'
import { showId } from '../../id.ts'
import { isUsedUp } from '../../links/link.ts'
import type { Link } from '../../links/link.ts'
import { formatKes } from '../../money.ts'
import type { Html } from '../../web/html.ts'
import { empty } from '../../web/parts/empty.ts'
import { status } from '../../web/parts/status.ts'
import type { Column } from '../../web/parts/table.ts'
import { listFilters } from '../list-filters.ts'
import { listPart } from '../list-part.ts'
import { may } from '../may.ts'
import type { Listed } from '../listed.ts'
import { when } from '../when.ts'

const path = '/links'

/** Whether one can pay there. */
export function linkStatus(link: Link): Html {
  if (link.ended_at) return status('idle', 'Off')
  return isUsedUp(link) ? status('idle', 'Used up') : status('completed', 'On')
}

/** How much is paid there. */
export function linkAmount({ amount_cents }: Pick<Link, 'amount_cents'>): string {
  return amount_cents === null ? 'What the payer writes' : `KSh ${formatKes(amount_cents, 'short')}`
}

/** How often it was paid there, of how often it may be. */
export function usesOf({ uses, uses_max }: Pick<Link, 'uses' | 'uses_max'>): string {
  return uses_max === null
    ? uses.toLocaleString('en-KE')
    : `${uses.toLocaleString('en-KE')} of ${uses_max.toLocaleString('en-KE')}`
}

/** What the list can be narrowed to, above it. */
export function linkFilters(list: Listed<Link>): Html {
  return listFilters(list, {
    path,
    results: 'links',
    search: {
      label: 'Search payment links',
      placeholder: 'What is paid for',
    },
    choices: [
      {
        label: 'Status',
        name: 'status',
        options: [
          ['', 'On or off'],
          ['active', 'On'],
          ['ended', 'Off'],
        ],
      },
    ],
  })
}

function columns(now: Date): Column<Link>[] {
  return [
    {
      name: 'What is paid for',
      look: 'words',
      show: (link) =>
        html`<a class="breaks" href="${path}/${showId('lnk', link.id)}"><b>${link.name}</b></a>
          <div class="small soft only-small">${linkAmount(link)}</div>`,
    },
    { name: 'Status', show: linkStatus },
    { name: 'How much', look: 'soft', isExtra: true, show: linkAmount },
    { name: 'Paid', look: 'num', show: usesOf },
    {
      name: 'Made',
      look: 'num',
      isExtra: true,
      show: ({ created_at }) => html`<span class="soft">${when(created_at, now)}</span>`,
    },
  ]
}

/** The links themselves. */
export function linkRows({ now, ...listed }: Listed<Link>): Html {
  return listPart({
    ...listed,
    caption: 'Payment links, newest first',
    prefix: 'lnk',
    path,
    columns: columns(now),
    none: empty({
      title: 'Your payment links will be here.',
      words:
        'A link is a page at which anybody pays: of one amount, or of what they write. Its QR code goes on a wall.',
      ...(may(listed.signedIn, 'payments:write') && { action: html`<a class="do" href="${path}/new">Make a link</a>` }),
    }),
    noneFits: 'No payment link fits that.',
  })
}
