import { html } from 'hono/html'
import { answer } from '../server/web/parts/answer.ts'
import { amount, money, sum } from '../server/web/parts/amount.ts'
import { empty } from '../server/web/parts/empty.ts'
import { code, facts } from '../server/web/parts/facts.ts'
import { check, choice, field, picks, textField } from '../server/web/parts/field.ts'
import { filterBar } from '../server/web/parts/filter-bar.ts'
import { pager } from '../server/web/parts/pager.ts'
import { showMasked, showPhone } from '../server/web/parts/phone.ts'
import { bars, plot, share } from '../server/web/parts/plot.ts'
import { ring } from '../server/web/parts/ring.ts'
import { status } from '../server/web/parts/status.ts'
import type { Tone } from '../server/web/parts/status.ts'
import { table } from '../server/web/parts/table.ts'
import type { Column } from '../server/web/parts/table.ts'
import { ago, clockTime, moment } from '../server/web/parts/time.ts'
import { timeline } from '../server/web/parts/timeline.ts'
import { toast } from '../server/web/parts/toast.ts'
import { who } from '../server/web/parts/who.ts'
import { formatKes } from '../server/money.ts'
import { prose } from '../server/web/html.ts'
import type { Html } from '../server/web/html.ts'
import { page } from '../server/web/page.ts'

const now = new Date('2026-11-20T11:32:08.377Z')
const before = (seconds: number) => new Date(now.getTime() - seconds * 1000)

/** Every part of the pages at its work, on one page. */
export function gallery(): Html {
  return page({
    language: 'en',
    title: 'Parts',
    nav: {
      label: 'Lango',
      more: 'More',
      first: [
        { href: '#overview', name: 'Overview', isHere: true },
        { href: '#payment', name: 'Payments' },
        { href: '#attention', name: 'Attention', count: 3 },
        { href: '#invoice', name: 'Invoices' },
      ],
      groups: [
        { places: [{ href: '#reconcile', name: 'Reconcile' }] },
        { name: 'Developers', places: ['Webhooks', 'Keys & providers'].map((name) => ({ href: '#developers', name })) },
      ],
    },
    under: ['Duka la Mfano', 'amina@example.test'],
    badge: 'Simulator',
    head: { title: 'Today', lead: 'Every part at its work.' },
    body: html`${overview()} ${payment()} ${attention()} ${counter()} ${invoice()}
    ${toast({ look: 'good', words: 'The webhook was sent again.', action: html`<a href="#payment">See</a>` })}`,
    words: { skip: 'To the page' },
  })
}

type Row = { cents: number; tone: Tone; words: string; phone: string; reference: string; receipt: string; at: Date }

const rows: Row[] = [
  row(150_000, 'completed', 'Completed', 'INV-204', 'UKK7X2M4QA', 0),
  row(35_000, 'pending', 'Pending', 'ORD-8812', '', 9),
  row(1_200_000, 'completed', 'Completed', 'FEES-3B', 'UKK5T8R2LP', 87),
  row(8_000, 'failed', 'Wrong PIN', 'ORD-8811', '', 178),
  row(240_000, 'reversed', 'Reversed', 'INV-198', 'UKK2M1V9XZ', 1231),
]

function row(cents: number, tone: Tone, words: string, reference: string, receipt: string, seconds: number): Row {
  return { cents, tone, words, phone: '254712345678', reference, receipt, at: before(seconds) }
}

const columns: Column<Row>[] = [
  { name: 'KSh', look: 'money', show: ({ cents }) => html`<a href="#payment"><b>${formatKes(cents)}</b></a>` },
  { name: 'Status', show: ({ tone, words }) => status(tone, words) },
  { name: 'Payer', look: 'soft', isExtra: true, show: ({ phone }) => showPhone(phone) },
  { name: 'Reference', look: 'soft', isExtra: true, show: ({ reference }) => reference },
  { name: 'M-Pesa code', look: 'code', show: ({ receipt }) => receipt || html`<span class="soft">–</span>` },
  { name: 'Time', look: 'num', isExtra: true, show: ({ at }) => clockTime(at) },
]

function stat(name: string, value: Html | string, under: Html): Html {
  return html`<div class="sheet stat">
    <div class="soft small">${name}</div>
    <div class="value money">${value}</div>
    ${under}
  </div>`
}

function overview(): Html {
  const course = [3, 2, 1, 1, 2, 5, 11, 19, 27, 31, 36, 42, 47, 44, 39, 41, 46, 52, 57, 49, 34, 21, 12, 6]
  const points = course.map((value, hour) => ({
    value: value * 1000,
    before: (course[(hour + 23) % 24]! * 0.95 + 1) * 1000,
    ...(hour % 3 === 0 && hour > 0 && { label: String(hour).padStart(2, '0') }),
  }))
  return html`<section class="grid4" id="overview">
      ${stat('Collected', html`<small>KSh</small>684,250`, html`<div class="small up">+12 % on last Friday</div>`)}
      ${stat('Payments', '1,204', html`<div class="small soft">3 waiting now</div>`)}
      ${stat('Paid when asked', '91.4 %', html`<div class="small down">−1.1 points</div>`)}
      ${stat('Time to pay', '14 s', html`<div class="small soft">half of payers; 95 %: 41 s</div>`)}
    </section>
    <section class="grid2">
      <div class="sheet">
        <header>
          <h2>Collected by hour</h2>
          <span class="small soft">today · last Friday dashed</span>
        </header>
        <div class="body">${plot(points, 'Shillings collected by hour today, highest at 18 with 57,000')}</div>
      </div>
      <div class="sheet">
        <header><h2>Why 104 did not pay</h2></header>
        <div class="body">
          ${bars([
            { name: 'Cancelled', count: 41 },
            { name: 'No funds', count: 28 },
            { name: 'Phone not reached', count: 19 },
            { name: 'Wrong PIN', count: 11 },
            { name: 'Prompt expired', count: 5 },
          ])}
        </div>
      </div>
    </section>
    ${paymentList()}`
}

function paymentList(): Html {
  return html`<section class="sheet">
    <header>
      <h2>Payments</h2>
      ${filterBar({
        action: '#',
        search: {
          label: 'Search payments',
          name: 'search',
          value: '0712',
          placeholder: 'M-Pesa code, phone, reference',
        },
        choices: [
          {
            label: 'Status',
            name: 'status',
            value: 'completed',
            options: [
              ['', 'Every status'],
              ['completed', 'Completed'],
              ['failed', 'Failed'],
            ],
          },
        ],
        applied: [
          { words: 'Completed', without: '#a' },
          { words: 'Today', without: '#b' },
        ],
        words: { show: 'Show', drop: 'Drop' },
      })}
    </header>
    ${table('Payments, newest first', columns, rows)}
    ${pager({
      label: 'More payments',
      older: '#older',
      words: { newer: 'Newer', older: 'Older', shown: '5 of 1,204' },
    })}
  </section>`
}

function payment(): Html {
  const raw =
    '{"Body":{"stkCallback":{"MerchantRequestID":"8838-48ab-…","CheckoutRequestID":"ws_CO_2011…","ResultCode":0}}}'
  return html`<section class="grid2" id="payment">
    <div class="sheet">
      <header><h2>What we know, and how</h2></header>
      <div class="body">
        ${timeline([
          { what: 'Asked for', how: 'by your API key “web shop”', at: before(11.173) },
          { what: 'Safaricom took the request', at: before(10.4), beside: code('ws_CO_201120261431579612345678') },
          { look: 'late', what: 'Still waiting for the PIN', how: 'we asked', at: before(6.4), beside: '4999' },
          {
            look: 'good',
            what: 'Paid',
            how: 'callback, token valid, from 196.201.214.200',
            at: now,
            beside: prose('KSh 1,500.00 · receipt UKK7X2M4QA'),
            raw: { title: 'As it came', text: raw, isOpen: true },
          },
          {
            look: 'bad',
            what: '“Cancelled by user”',
            how: 'a second callback, 1032 · contradicts, changes nothing',
            at: now,
          },
        ])}
      </div>
    </div>
    <div class="sheet">
      <header><h2>Details</h2></header>
      <div class="body">
        ${facts([
          ['Payment', html`<span class="small">${code('pay_0193a6c177b27d0e9f51aa41c0de5e11')}</span>`],
          ['Provider', 'M-Pesa · paybill 174379'],
          ['Reference', 'INV-204'],
          ['When', moment(now, 'en')],
          ['Refunded', money(0)],
        ])}
      </div>
    </div>
  </section>`
}

function attention(): Html {
  return html`<section class="sheet" id="attention">
      <ul class="needs">
        <li>
          ${sum(320_000)} ${status('pending', 'Nobody asked')}
          <div class="say">
            <p>Someone paid your paybill and wrote “INV20S”, which matches nothing you sold.</p>
            <div class="small soft bits">
              <span>${ago(before(240), now, 'en')}</span><span>${showMasked('254733111019')}</span>${code('UKK6W4H8NC')}
            </div>
          </div>
          <div class="acts">
            <button class="may firm" type="button">It is INV-205</button>
            <button class="may" type="button">Choose…</button>
          </div>
        </li>
        <li>
          ${sum(105_000)} ${status('failed', 'Too little')}
          <div class="say"><p>${prose('Halima was asked for KSh 1,500 for ORD-8801, and KSh 1,050 came.')}</p></div>
          <div class="acts"><button class="may" type="button">Ask for 450</button></div>
          <form class="unfold form">
            ${textField({
              id: 'note',
              name: 'note',
              label: 'Why is KSh 1,050 enough?',
              value: 'Wanjiru gave 30 % off at the counter, torn bag.',
            })}
            <div class="acts">
              <button class="do" type="button">Accept KSh 1,050</button>
              <button class="may" type="button">Not now</button>
              <span class="small soft">Kept with the payment, under your name.</span>
            </div>
          </form>
        </li>
      </ul>
    </section>
    ${empty({
      title: 'Nothing needs you.',
      words: 'Every shilling that came in has a name. What does not agree will wait here until one of you decides.',
      action: html`<a class="may" href="#decided">See what was decided</a>`,
    })}`
}

function counter(): Html {
  return html`<section class="grid2" id="counter">
      <form class="sheet">
        <header><h2>Ask a phone to pay</h2></header>
        <div class="body form">
          ${field({ id: 'much', name: 'amount', label: 'How much', look: 'big', before: 'KSh', inputMode: 'decimal', value: '640' })}
          ${field({
            id: 'phone',
            name: 'phone',
            label: 'Customer’s M-PESA phone',
            type: 'tel',
            value: '0700 555',
            error: 'This is not a Kenyan mobile number. Write it like 0712 345 678.',
          })}
          ${choice({
            id: 'till',
            name: 'till',
            label: 'Till',
            hint: 'Where the money goes.',
            options: [
              ['1', 'Counter 1'],
              ['2', 'Counter 2'],
            ],
            value: '2',
          })}
          ${field({ id: 'code', name: 'code', label: 'The code in their SMS', look: 'code', maxLength: 10, value: 'UKK7X5C0JM' })}
          ${check('Tell me when it is paid', 'tell', true)}
          <button class="do" type="button">Ask for KSh 640</button>
        </div>
      </form>
      <div class="sheet body stack">
        ${who({ name: 'Duka la Mfano', under: 'Counter 2 · Wanjiru' })}
        <div class="who">
          ${ring('phone', 'rings')}
          <div><b>Ringing ${showPhone('254712345678')}…</b></div>
        </div>
        ${picks('What did Grace pay for?', 'order', {
          options: [
            { value: '8813', words: 'ORD-8813', beside: 'KSh 1,200', under: 'Unga 10 kg · asked 6 min ago' },
            { value: '8809', words: 'ORD-8809', beside: 'KSh 1,250', under: 'Sukari, chai, mafuta · KSh 50 more' },
          ],
          chosen: '8813',
        })}
      </div>
    </section>
    ${answers()}`
}

function answers(): Html {
  return html`<section class="grid4">
    ${answer({
      look: 'good',
      title: 'Paid, and free to use',
      body: html`${sum(230_000)}<span>Mercy Atieno</span>`,
      action: html`<button class="do" type="button">This is theirs</button>`,
    })}
    ${answer({
      look: 'late',
      title: 'Already used',
      body: html`${sum(35_000)}<span class="small soft">Today 11:04, by Wanjiru at counter 2</span>`,
      action: html`<button class="may" type="button">See ORD-8790</button>`,
    })}
    ${answer({
      look: 'bad',
      title: 'M-Pesa does not know this code.',
      body: html`<b>Do not hand over goods yet.</b
        ><span class="small soft">Read it again letter by letter: O and 0, I and 1 look alike.</span>`,
      action: html`<button class="may" type="button">Ask M-Pesa again</button>`,
    })}
  </section>`
}

function invoice(): Html {
  return html`<section class="grid2" id="invoice">
    <div class="sheet">
      <header>
        <h2>Paid so far</h2>
        <span class="small soft money">3,000 of 4,500</span>
      </header>
      <div class="body">${share(3000, 4500, 'Two thirds paid')}</div>
    </div>
    <article class="ticket" data-mark="SIMULATOR">
      <div class="bar">
        ${who({ name: 'Duka la Mfano', under: 'Receipt for INV-198' })} ${status('completed', 'Paid')}
      </div>
      ${amount(150_000)}
      <hr />
      ${facts([
        ['M-Pesa code', code('UKK7X2M4QA')],
        ['From', showMasked('254712345678')],
        ['When', moment(now, 'sw')],
      ])}
    </article>
  </section>`
}
