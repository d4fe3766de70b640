import { html } from 'hono/html'
import { showId } from '../../id.ts'
import { monthName, monthsUntil } from '../../notices/statement.ts'
import { presentReport } from '../../reconciliation/report.ts'
import type { Run } from '../../reconciliation/run.ts'
import type { Html } from '../../web/html.ts'
import { empty } from '../../web/parts/empty.ts'
import { check, choice, field } from '../../web/parts/field.ts'
import { share } from '../../web/parts/plot.ts'
import { status } from '../../web/parts/status.ts'
import type { Column } from '../../web/parts/table.ts'
import { accountWords } from '../account-choice.ts'
import type { NamedAccount } from '../accounts.ts'
import { fieldOf, wrongWith } from '../form.ts'
import type { Refused } from '../form.ts'
import { listPart } from '../list-part.ts'
import { csrfField } from '../signed-in.ts'
import type { SignedIn } from '../signed-in.ts'
import { when } from '../when.ts'
import { counted } from '../words.ts'

/** How a run is. */
export function runStatus({ status: is, report }: Pick<Run, 'status' | 'report'>): Html {
  if (is === 'running') return status('pending', 'Comparing')
  if (is === 'failed') return status('failed', 'Gave up')
  if (is === 'skipped') return status('idle', 'Skipped')
  const disagrees = report && (presentReport(report).mismatched.count > 0 || (report.disagreements_count ?? 0) > 0)
  return disagrees ? status('failed', 'Does not agree') : status('completed', 'Agrees')
}

/** How far a run is, while it runs. */
export function progress({ status: is, next_offset, records_total }: Run): Html | '' {
  if (is !== 'running') return ''
  const words =
    records_total === null ? `${next_offset} read` : `${next_offset} of ${counted(records_total, 'line')} compared`
  return html`<div class="stack">
    <p class="soft" role="status">${words}</p>
    ${records_total ? share(next_offset, records_total, words) : ''}
  </div>`
}

/** Loading a statement, and comparing with M-Pesa's records now. */
export function compareForms(forms: CompareForms): Html {
  return html`<section class="grid2">${statementForm(forms)} ${askForm(forms)}</section>`
}

/** Who may compare, what with, and what of it was refused. */
type CompareForms = { signedIn: SignedIn; accounts: NamedAccount[]; refused?: Refused | undefined }

function statementForm({ signedIn, refused }: CompareForms): Html {
  const wrong = refused?.form === 'statement' ? refused.wrong : {}
  return html`<div class="sheet">
    <header><h2>Load a statement</h2></header>
    <form class="body form" method="post" action="/reconciliation/preview" enctype="multipart/form-data">
      ${csrfField(signedIn)} ${wrongWith(refused, 'statement')}
      <div>
        <label class="label" for="statement">The CSV or XLSX from the M-PESA organisation portal</label>
        <span class="field"
          ><input
            id="statement"
            name="file"
            type="file"
            accept=".csv,.xlsx,.xls,.txt"
            ${wrong['file'] ? html`aria-invalid="true" aria-describedby="statement-wrong"` : ''}
        /></span>
        ${wrong['file'] ? html`<span class="wrong" id="statement-wrong" role="alert">${wrong['file']}</span>` : ''}
        <span class="hint small soft">Of any time, up to 32 MB. You see what it would do before anything is done.</span>
      </div>
      ${
        wrong['shortcode']
          ? field({
              id: 'shortcode',
              name: 'shortcode',
              label: 'Whose statement is it? Its short code',
              inputMode: 'numeric',
              ...fieldOf(refused, 'statement', 'shortcode'),
            })
          : ''
      }
      ${completedCheck(refused)}
      <div class="acts"><button class="do" data-busy="Reading it…">Look at it first</button></div>
    </form>
  </div>`
}

/** Asked of a file that does not say which of its lines were completed. */
function completedCheck(refused: Refused | undefined): Html | '' {
  if (refused?.form !== 'statement') return ''
  const isSaid = refused.typed['assume_completed'] === 'yes'
  const isAsked = 'assume_completed' in refused.wrong
  if (!isSaid && !isAsked) return ''
  return html`<div class="stack">
    ${
      isAsked
        ? html`<p class="wrong" role="alert">
            The file does not say which of its lines failed. If all of them were completed, say so, choose it again, and
            look.
          </p>`
        : ''
    }
    ${check('All of its lines were completed', 'assume_completed', isSaid)}
  </div>`
}

function askForm({ signedIn, accounts, refused }: CompareForms): Html {
  const isRegistered = accounts.some((account) => account.isRegistered)
  return html`<div class="sheet">
    <header><h2>Or ask M-Pesa now</h2></header>
    <form class="body form" method="post" action="/reconciliation/run">
      ${csrfField(signedIn)} ${wrongWith(refused, 'run')}
      ${
        accounts.length > 1
          ? choice({
              id: 'account',
              name: 'account',
              label: 'Which account',
              options: accounts.map((account) => [account.id, accountWords(account)] as const),
              ...fieldOf(refused, 'run', 'account'),
            })
          : ''
      }
      <p class="soft small">
        ${
          isRegistered
            ? 'Every 15 minutes M-Pesa’s records are compared by themselves. They reach back 48 hours.'
            : 'Once the short code is registered for Pull Transactions, this happens by itself every 15 minutes.'
        }
      </p>
      <div class="acts"><button class="may firm" data-busy="Asking M-Pesa…">Compare now</button></div>
    </form>
  </div>`
}

/** Choosing the month whose statement is saved. */
export function monthForm(now: Date): Html {
  return html`<section class="sheet">
    <header><h2>The statement of a month</h2></header>
    <form class="body form" method="get" action="/reconciliation/statement.pdf">
      ${choice({
        id: 'month',
        name: 'month',
        label: 'Of your books, as a PDF',
        options: monthsUntil(now).map((month) => [month, monthName(month)] as const),
        hint: 'Gross, charges, returned and net: each day, each account. It can come by mail each month, see Your sign-in.',
      })}
      <div class="acts"><button class="may firm">Save it</button></div>
    </form>
  </section>`
}

/** What the list of runs shows. */
export type RunList = {
  found: { rows: Run[]; hasMore: boolean }
  accounts: NamedAccount[]
  typed: Record<string, string>
  isLater: boolean
  now: Date
}

/** The runs, newest first. */
export function runRows({ found, accounts, typed, isLater, now }: RunList): Html {
  const placeOf = (run: Run) => accounts.find(({ id }) => id === showId('acc', run.provider_account_id))?.place ?? ''
  const columns: Column<Run>[] = [
    {
      name: 'Of the time',
      look: 'words',
      show: (run) =>
        html`<a href="/reconciliation/${showId('rec', run.id)}"
          ><b>${when(run.window_from, now)}</b> – ${when(run.window_until, now)}</a
        >`,
    },
    { name: 'Outcome', show: runStatus },
    {
      name: 'By',
      look: 'soft',
      isExtra: true,
      show: ({ source }) => (source === 'pull' ? 'M-Pesa’s records' : 'a statement'),
    },
    { name: 'Of', look: 'soft', isExtra: true, show: placeOf },
    { name: 'Lines', look: 'num', isExtra: true, show: ({ next_offset }) => next_offset.toLocaleString('en-KE') },
  ]
  return listPart({
    caption: 'Comparisons, newest first',
    prefix: 'rec',
    path: '/reconciliation',
    typed,
    wrong: {},
    columns,
    found,
    isLater,
    none: empty({
      title: 'Nothing was compared yet.',
      words: 'Load a statement, and see line by line whether M-Pesa and your books say the same.',
    }),
    noneFits: 'Nothing like that was compared.',
  })
}
