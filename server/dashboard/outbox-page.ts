import { html } from 'hono/html'
import type { listMails } from '../mail/mail.ts'
import type { Html } from '../web/html.ts'
import type { PageHead } from '../web/page.ts'
import { empty } from '../web/parts/empty.ts'
import { facts } from '../web/parts/facts.ts'
import { status } from '../web/parts/status.ts'
import { table } from '../web/parts/table.ts'
import { moment } from '../web/parts/time.ts'
import { when } from './when.ts'

type Letter = Awaited<ReturnType<typeof listMails>>[number]

const states = {
  waiting: ['pending', 'Waits'],
  sent: ['completed', 'Sent'],
  kept: ['idle', 'Kept here'],
  failed: ['failed', 'Not sent'],
} as const

function letterStatus({ status: is }: Letter): Html {
  return status(states[is][0], states[is][1])
}

/** The latest mail of a business. */
export function outboxBody(letters: Letter[], now: Date): Html {
  if (letters.length === 0)
    return empty({
      title: 'Mail will be here.',
      words: 'Payers who give an address are told when they have paid, and invoices are sent by mail.',
      action: html`<a class="may" href="/invoices/new">Make an invoice</a>`,
    })
  return html`<section class="sheet">
    ${table(
      'The latest mail, newest first',
      [
        {
          name: 'What',
          look: 'words',
          show: (letter) =>
            html`<a class="breaks" href="/outbox/${letter.id}"><b>${letter.subject}</b></a>
              <div class="small soft breaks">${letter.recipient}</div>`,
        },
        { name: 'Status', show: letterStatus },
        {
          name: 'Written',
          look: 'num',
          isExtra: true,
          show: ({ created_at }) => html`<span class="soft">${when(created_at, now)}</span>`,
        },
      ],
      letters,
    )}
  </section>`
}

/** What a letter says first, and how it is. */
export function letterHead(letter: Letter): PageHead {
  return {
    back: { href: '/outbox', name: 'Outbox' },
    title: html`<span class="breaks">${letter.subject}</span> ${letterStatus(letter)}`,
    lead: html`To <span class="breaks">${letter.recipient}</span>, ${moment(letter.created_at, 'en')}`,
  }
}

/** One letter as its reader has it, and as text. Nothing in it runs, and nothing is fetched for it. */
export function letterBody(letter: Letter): Html {
  return html`<section class="sheet">
      <iframe
        class="letter"
        sandbox=""
        src="/outbox/${letter.id}/letter"
        title="The letter as its reader sees it"
      ></iframe>
    </section>
    <section class="sheet body">
      ${facts([
        ['Sent', letter.sent_at ? moment(letter.sent_at, 'en') : ''],
        ['With it', letter.attachment_name ?? ''],
        ['Why it could not be sent', letter.last_error ?? ''],
      ])}
      <details id="as-text">
        <summary class="small soft">As text</summary>
        <pre class="raw" tabindex="0">${letter.body_text}</pre>
      </details>
    </section>`
}
