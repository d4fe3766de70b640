import type { Judgement } from './overload.ts'

/** What a scale said when a vehicle was weighed. */
export type Weighing = { kg: number; decksKg: number[]; judgement: Judgement }

/** What is written on the first page of a case file. */
export type Subject = {
  plate: string
  vehicle: string
  driver: { name: string; id_number: string; phone: string }
}

/** How a file begins. The key makes one invoice of it, however often Lango is asked. */
export type Opening = Subject & Weighing & { charge_key: string }

/** What can happen to a vehicle that was weighed. A case file is a list of these, and is never rewritten. */
export type Happening =
  | ({ type: 'passed' | 'overloaded' } & Opening)
  | { type: 'looked_up'; source: string; found: string; is_flagged: boolean; age_minutes: number }
  | { type: 'look_up_failed'; source: string; why: string }
  | { type: 'charged'; invoice_id: string; reference: string; amount: string; url: string }
  | { type: 'settling'; payment_id: string; checkout_url: string }
  | { type: 'came_back_unpaid'; payment_id: string; received: string }
  | { type: 'payment_failed'; payment_id: string; why: string }
  | { type: 'part_paid'; version: number; paid: string; due: string }
  | { type: 'paid'; version: number; paid: string }
  | { type: 'reopened'; version: number; paid: string; due: string }
  | { type: 'receipt_issued'; number: string; url: string }
  | { type: 'memo_issued'; number: string }
  | ({ type: 'reweighed' } & Weighing)
  | { type: 'released' }

export type HappeningType = Happening['type']

/** One line of a case file. */
export type Entry = Happening & { at: string }
