import type { z } from 'zod'
import { invoiceRequest } from '../../invoices/request.ts'
import { asSentence, RefusedForm } from '../form.ts'

/** The fields of a line of the form, by the name of the line's member; the number of its row is added to each. */
const lineFields = {
  description: 'what',
  quantity: 'count',
  unit_amount: 'price',
  tax_rate: 'tax',
} as const

/** The name of the form, by which it is known when it comes back. */
export const invoiceForm = 'invoice'

const rowsLeast = 3
const rowsSpare = 2
const rowsMax = 100

type Typed = Record<string, string>

const fieldOfLine = /^(?:what|count|price|tax)-(\d{1,3})$/

/** The rows of lines that a form brought with something in them. */
function rowsIn(typed: Typed): number[] {
  const filled = Object.entries(typed).flatMap(([name, value]) => {
    const row = Number(fieldOfLine.exec(name)?.[1])
    return value.trim() !== '' && row >= 1 && row <= rowsMax ? [row] : []
  })
  return [...new Set(filled)].sort((one, other) => one - other)
}

/** How many rows of lines a form shows: those that were filled in, and a few to go on. */
export function rowsFor(typed: Typed): number {
  return Math.min(rowsMax, Math.max(rowsLeast, (rowsIn(typed).at(-1) ?? 0) + rowsSpare))
}

/**
 * Reads what somebody typed into the form of an invoice, by the rules of the API.
 * @throws a RefusedForm that says at each field what is wrong with it.
 */
export function readInvoice(typed: Typed): z.output<typeof invoiceRequest> {
  const said = (name: string) => typed[name]?.trim() || undefined
  const amount = (name: string) => said(name)?.replaceAll(',', '')
  const rows = rowsIn(typed)
  const request = {
    lines: rows.map((row) => ({
      description: said(`what-${row}`),
      quantity: amount(`count-${row}`),
      unit_amount: amount(`price-${row}`),
      tax_rate: said(`tax-${row}`)?.replace(/\s*%$/, ''),
    })),
    tax_included: typed['tax_included'] === 'yes',
    instalments: typed['instalments'] === 'yes' ? true : undefined,
    customer: { name: said('name'), email: said('email'), phone: said('phone') },
    account: said('account'),
    reference: said('reference'),
    description: said('description'),
    due_date: said('due_date'),
  }
  const read = invoiceRequest.safeParse(request)
  if (read.success) return read.data
  const wrong = read.error.issues.map(({ path, message }) => [fieldAt(path, rows), asSentence(message)] as const)
  throw new RefusedForm({ form: invoiceForm, typed, wrong: Object.fromEntries(wrong.toReversed()) })
}

/** The field of the form at which a member of the request was typed. */
function fieldAt([member, index, name]: PropertyKey[], rows: number[]): string {
  if (member === 'customer') return String(index)
  if (member !== 'lines' || name === undefined) return String(member)
  return `${lineFields[name as keyof typeof lineFields]}-${rows[Number(index)]}`
}
