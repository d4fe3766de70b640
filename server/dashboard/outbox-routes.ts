import { Hono } from 'hono'
import { html } from 'hono/html'
import type { Context } from '../context.ts'
import { listMails } from '../mail/mail.ts'
import type { Mail } from '../mail/mail.ts'
import { Problem } from '../problem.ts'
import type { Html } from '../web/html.ts'
import { readingPage } from '../web/page.ts'
import { moment } from '../web/parts/time.ts'
import { signedIn } from './signed-in.ts'
import type { SignedInEnvironment } from './signed-in.ts'

/** `/outbox`: the mail of a business, as it was sent or is kept where there is no SMTP server. For its owners alone. */
export function outboxRoutes(server: Context): Hono<SignedInEnvironment> {
  const routes = new Hono<SignedInEnvironment>()
  routes.use('/outbox', signedIn(server))
  routes.get('/outbox', async (c) => {
    const { merchant, role } = c.var.signedIn
    if (role !== 'owner') throw new Problem('forbidden', 'Only an owner reads the outbox.')
    return c.html(outboxPage(await listMails(c.var.context, merchant.id)))
  })
  return routes
}

const states = {
  waiting: 'Waits to be sent',
  sent: 'Sent',
  kept: 'Kept here: there is no SMTP server',
  failed: 'Not sent',
}

function outboxPage(mails: Mail[]): Html {
  return readingPage({
    title: 'Outbox',
    places: [{ href: '/', name: 'Dashboard' }],
    body: html`<section class="read">
      <h1>Outbox</h1>
      ${mails.length === 0 ? html`<p class="soft">No mail yet. Payers who give an address are told when they have paid.</p>` : ''}
      ${mails.map(
        (mail) =>
          html`<details class="sheet body">
            <summary><b>${mail.subject}</b> · ${mail.recipient} · ${moment(mail.created_at, 'en')}</summary>
            <p class="small soft">${states[mail.status]}${mail.last_error ? `, ${mail.last_error}` : ''}</p>
            <pre class="small">${mail.body_text}</pre>
          </details>`,
      )}
    </section>`,
  })
}
