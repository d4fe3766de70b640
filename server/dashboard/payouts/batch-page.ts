import { html } from 'hono/html'
import { showId } from '../../id.ts'
import { formatKes } from '../../money.ts'
import type { Batch } from '../../payouts/batch.ts'
import { presentBatch } from '../../payouts/batch.ts'
import type { BatchPreview } from '../../payouts/batch-preview.ts'
import type { Payout } from '../../payouts/payout.ts'
import type { Html } from '../../web/html.ts'
import { showMoney } from '../../web/parts/amount.ts'
import { field, textField } from '../../web/parts/field.ts'
import { showPhone } from '../../web/parts/phone.ts'
import { status } from '../../web/parts/status.ts'
import { table } from '../../web/parts/table.ts'
import type { PageHead } from '../../web/page.ts'
import { fieldOf, wrongWith } from '../form.ts'
import type { Refused } from '../form.ts'
import type { NameOf } from '../../people/names.ts'
import { csrfField } from '../signed-in.ts'
import type { SignedIn } from '../signed-in.ts'
import { counted } from '../words.ts'
import { payoutColumns } from './columns.ts'
import { decisionForms } from './decision-page.ts'

/** Everything that is shown of one batch. */
export type BatchView = {
  signedIn: SignedIn
  batch: Batch
  payouts: Payout[]
  nameOf: NameOf
  password: Html | ''
  refused?: Refused | undefined
  now: Date
}

const tones = {
  awaiting_approval: 'pending',
  in_progress: 'pending',
  finished: 'completed',
  rejected: 'failed',
} as const
const states = {
  awaiting_approval: 'To approve',
  in_progress: 'On its way',
  finished: 'Done',
  rejected: 'Rejected',
} as const

/** How a batch is. */
export function batchStatus(batch: Batch): Html {
  const { status: is } = presentBatch(batch)
  return status(tones[is], states[is])
}

/** What a batch comes to, and how it is. */
export function batchHead({ batch }: BatchView): PageHead {
  return {
    back: { href: '/payouts', name: 'Payouts' },
    title: html`<span class="headline money"><small>KSh</small> ${formatKes(batch.total_cents)}</span>
      ${batchStatus(batch)}`,
    lead: `${batch.name ?? 'A batch'}: ${counted(batch.count, 'payout')}`,
  }
}

/** The page of one batch. */
export function batchBody({ signedIn, batch, payouts, nameOf, password, refused, now }: BatchView): Html {
  const { payouts: shares } = presentBatch(batch)
  const path = `/payouts/batches/${showId('bat', batch.id)}`
  return html`${
      batch.decision === null
        ? decisionForms({ signedIn, path, person: batch.person, by: nameOf(batch.created_by), password, refused })
        : html`${wrongWith(refused, 'approve')}${wrongWith(refused, 'reject')}
            <p class="soft">
              Asked for by ${nameOf(batch.created_by)}; ${batch.decision} by
              ${nameOf(batch.decided_by!)}${batch.reason ? `: “${batch.reason}”` : ''}. ${shares.completed.count}
              arrived, ${shares.pending.count} on their way, ${shares.failed.count} did not
              go${shares.returned.count > 0 ? `, ${shares.returned.count} came back` : ''}.
            </p>`
    }
    <section class="sheet">
      ${table('The payouts of this batch', payoutColumns(signedIn, now), payouts)}
      ${payouts.length < batch.count ? html`<p class="body soft">The first ${payouts.length} of ${batch.count}.</p>` : ''}
    </section>`
}

/** The form that many payouts are asked for with. */
export function newBatchBody({ signedIn, refused }: { signedIn: SignedIn; refused?: Refused | undefined }): Html {
  return html`<section class="sheet read">
    <form class="body form" method="post" action="/payouts/batches/preview" enctype="multipart/form-data">
      ${csrfField(signedIn)} ${wrongWith(refused, 'batch')}
      ${field({ id: 'batch-name', name: 'name', label: 'What they are for', maxLength: 100, placeholder: 'Wages of November', ...fieldOf(refused, 'batch', 'name') })}
      <div>
        <label class="label" for="batch-file">A CSV file</label>
        <span class="field"><input id="batch-file" name="file" type="file" accept=".csv,text/csv" /></span>
        <span class="hint small soft"
          >Its first line names the columns: phone, amount, and if you like remarks, external_reference.</span
        >
      </div>
      ${textField({ id: 'batch-csv', name: 'csv', label: 'Or its lines', rows: 6, hint: 'Paste them, with the first line.', ...fieldOf(refused, 'batch', 'csv', 'phone,amount,remarks\n') })}
      <div class="acts"><button class="do">Look at it first</button><a class="may" href="/payouts">Not now</a></div>
    </form>
  </section>`
}

/** What the lines would come to, and what is wrong with which: nothing is kept yet. */
export function batchPreviewBody({
  signedIn,
  name,
  csv,
  preview,
  password,
}: {
  signedIn: SignedIn
  name: string
  csv: string
  preview: BatchPreview
  password: Html | ''
  now: Date
}): Html {
  const { lines, faults, total_cents } = preview
  const isGood = faults.length === 0 && lines.length > 0
  return html`<article class="answer ${isGood ? 'good' : 'bad'}">
      <h3>
        ${isGood ? `${counted(lines.length, 'payout')}, ${showMoney(total_cents)} in all` : `${counted(faults.length, 'line')} cannot be sent`}
      </h3>
      <p>
        ${isGood ? 'Nothing is sent yet. They wait until another of you approves them.' : 'Nothing was taken. Mend these lines, and look at them again.'}
      </p>
      <div class="acts">
        ${
          isGood
            ? html`<form method="post" action="/payouts/batches" class="form">
                ${csrfField(signedIn)}
                <input type="hidden" name="name" value="${name}" /><input type="hidden" name="csv" value="${csv}" />
                ${password}
                <div class="acts"><button class="do">Ask for these payouts</button></div>
              </form>`
            : ''
        }
        <form method="post" action="/payouts/batches/again">
          ${csrfField(signedIn)}<input type="hidden" name="name" value="${name}" /><input
            type="hidden"
            name="csv"
            value="${csv}"
          />
          <button class="may">Change them</button>
        </form>
      </div>
    </article>
    <section class="sheet">${faults.length > 0 ? faultTable(faults) : lineTable(lines)}</section>`
}

function faultTable(faults: BatchPreview['faults']): Html {
  return table(
    'What is wrong',
    [
      { name: 'Line', look: 'num', show: ({ line }) => String(line) },
      { name: 'What is wrong', look: 'words', show: ({ message }) => message },
    ],
    faults,
  )
}

function lineTable(lines: BatchPreview['lines']): Html {
  return table(
    'What would be asked for',
    [
      { name: 'Line', look: 'num', show: ({ line }) => String(line) },
      { name: 'KSh', look: 'money', show: ({ input }) => html`<b>${formatKes(input.amount_cents)}</b>` },
      {
        name: 'To',
        show: ({ input }) => (input.phone ? showPhone(input.phone) : `${input.shortcode_type} ${input.shortcode}`),
      },
      { name: 'For', look: 'words', show: ({ input }) => input.remarks ?? input.external_reference ?? '–' },
    ],
    lines,
  )
}
