import type { Context as HonoContext } from 'hono'
import { html, raw } from 'hono/html'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import type { Html } from '../web/html.ts'
import { tellChanges, versionOf } from '../web/tell-changes.ts'
import type { DeskContext } from './desk-context.ts'
import { isStillSignedIn } from './signed-in.ts'

/** How soon a page shows what another node did; what its own node does it shows at once. */
const everyMs = 1_000
/** Times such as `12 s ago` grow old although nothing happens. */
const afreshLooks = 10

/** True when a browser asks for what becomes of a page, and not for the page. */
export function isFollowing(c: HonoContext): boolean {
  return c.req.header('Accept') === 'text/event-stream'
}

/**
 * A part of a page that is shown as it changes. What becomes of it is told at the address of the page itself, to whoever asks for
 * a stream of events there.
 */
export async function livePart(c: DeskContext, id: string, inner: Html): Promise<Html> {
  const text = thin(String(await inner))
  const { pathname, searchParams } = new URL(c.req.url)
  searchParams.delete('done')
  searchParams.set('seen', versionOf(text))
  return html`<div class="live" id="${id}" aria-live="off" data-live="${pathname}?${String(searchParams)}">
    ${raw(text)}
  </div>`
}

/**
 * Tells what becomes of a part of a page. The part is made anew when anything of the merchant has changed; to find that out costs
 * one small question a second for all pages of a node together.
 */
export function tellPart(c: DeskContext, look: () => Promise<Html>): Response {
  const { context, caller } = c.var
  let pulse: string | undefined
  let inner = ''
  let looks = 0
  return tellChanges(context, c, {
    id: caller.merchant_id,
    seen: c.req.query('seen'),
    everyMs,
    look: async (wasTold) => {
      const now = await context.gather(findPulses, caller.merchant_id)
      if (wasTold || now !== pulse || looks++ % afreshLooks === 0) {
        if (!(await isStillSignedIn(c))) return { inner, isLive: false }
        inner = thin(String(await look()))
      }
      pulse = now
      return { inner, isLive: true }
    },
  })
}

/** What changes whenever anything does of what a merchant's pages show. */
async function findPulses({ database }: Context, merchants: string[]): Promise<string[]> {
  const rows = await database.query<{ merchant_id: string; pulse: string }>(sql`
    select m.merchant_id, concat_ws(' ', p.id, e.id, i.id, r.pulse, b.pulse) as pulse
    from unnest(${[...new Set(merchants)]}::uuid[]) as m (merchant_id)
    left join lateral (select id from payments p where p.merchant_id = m.merchant_id order by id desc limit 1) p on true
    left join lateral (select id from evidence e where e.merchant_id = m.merchant_id order by id desc limit 1) e on true
    left join lateral (select id from money_in i where i.merchant_id = m.merchant_id order by id desc limit 1) i on true
    left join lateral (
      select concat(r.id, r.status, r.next_offset) as pulse from reconciliation_runs r where r.merchant_id = m.merchant_id order by id desc limit 1
    ) r on true
    left join lateral (
      select concat(b.id, b.voided_at) as pulse from invoices b where b.merchant_id = m.merchant_id order by id desc limit 1
    ) b on true`)
  const pulses = new Map(rows.map(({ merchant_id, pulse }) => [merchant_id, pulse]))
  return merchants.map((id) => pulses.get(id) ?? '')
}

/** Markup without the blanks at the beginnings of its lines, which would be sent with each change; what is shown as it came stays. */
export function thin(text: string): string {
  return text.replace(/<(pre|textarea)\b[^]*?<\/\1>|\s*\n\s*/g, (found, kept) => (kept ? found : '\n'))
}
