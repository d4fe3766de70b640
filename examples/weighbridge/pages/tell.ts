import { html } from 'hono/html'
import type { Entry } from '../case/happening.ts'
import type { Measured } from '../case/overload.ts'
import { kilograms, shillings } from './page.ts'
import type { Html } from './page.ts'

/** A line of the timeline: how it is marked, and what is said. */
export type Told = { mark: 'good' | 'bad' | 'late' | ''; title: string; detail?: string | Html }

/** What happened, as a person would say it. */
export function tell(entry: Entry): Told {
  switch (entry.type) {
    case 'passed':
      return {
        mark: 'good',
        title: `Weighed ${kilograms(entry.kg)}: within the limits`,
        detail: table(entry.judgement.measured),
      }
    case 'overloaded':
      return {
        mark: 'bad',
        title: `Weighed ${kilograms(entry.kg)}: overloaded by ${kilograms(entry.judgement.over_kg)}`,
        detail: table(entry.judgement.measured),
      }
    case 'looked_up': {
      const age = entry.age_minutes ? ` As of ${entry.age_minutes} minutes ago.` : ''
      return { mark: entry.is_flagged ? 'bad' : '', title: entry.source, detail: entry.found + age }
    }
    case 'look_up_failed':
      return { mark: 'late', title: `${entry.source} said nothing`, detail: entry.why }
    case 'charged':
      return { mark: 'late', title: `Invoice ${entry.reference}: ${shillings(entry.amount)}` }
    case 'settling':
      return { mark: '', title: 'Sent to eCitizen to pay' }
    case 'came_back_unpaid':
      return {
        mark: 'late',
        title: 'Came back from eCitizen',
        detail: `Not paid yet. Of this bill came ${shillings(entry.received)}.`,
      }
    case 'payment_failed':
      return { mark: 'bad', title: 'That payment failed', detail: entry.why }
    default:
      return tellEnd(entry)
  }
}

type EndEntry = Extract<
  Entry,
  { type: 'part_paid' | 'paid' | 'reopened' | 'receipt_issued' | 'memo_issued' | 'reweighed' | 'released' }
>

function tellEnd(entry: EndEntry): Told {
  switch (entry.type) {
    case 'part_paid':
      return {
        mark: 'late',
        title: `Paid in part: ${shillings(entry.paid)}`,
        detail: `${shillings(entry.due)} is left.`,
      }
    case 'paid':
      return { mark: 'good', title: `Paid: ${shillings(entry.paid)}`, detail: 'The case is closed as paid.' }
    case 'reopened':
      return {
        mark: 'bad',
        title: 'What was paid was taken back',
        detail: `Paid is ${shillings(entry.paid)} now, and ${shillings(entry.due)} is owed again.`,
      }
    case 'receipt_issued':
      return {
        mark: 'good',
        title: `Receipt ${entry.number}`,
        detail: html`<a href="${entry.url}">Show the receipt</a>`,
      }
    case 'memo_issued':
      return {
        mark: 'good',
        title: `Load correction memo ${entry.number}`,
        detail: 'The load may be corrected, and the vehicle weighed again.',
      }
    case 'reweighed': {
      const { over_kg, measured } = entry.judgement
      const result = over_kg ? `still over by ${kilograms(over_kg)}` : 'within the limits'
      return {
        mark: over_kg ? 'bad' : 'good',
        title: `Weighed again ${kilograms(entry.kg)}: ${result}`,
        detail: table(measured),
      }
    }
    case 'released':
      return { mark: 'good', title: 'Released. Safari njema!' }
  }
}

const table = (measured: Measured[]) =>
  html`<table class="measured">
    <thead>
      <tr>
        <th>Part</th>
        <th>Weighed</th>
        <th>Allowed</th>
        <th>Over</th>
      </tr>
    </thead>
    <tbody>
      ${measured.map(
        ({ what, kg, limit_kg, over_kg }) =>
          html`<tr class="${over_kg ? 'over' : ''}">
            <td>${what}</td>
            <td>${kilograms(kg)}</td>
            <td>${kilograms(limit_kg)}</td>
            <td>${over_kg ? kilograms(over_kg) : ''}</td>
          </tr>`,
      )}
    </tbody>
  </table>`
