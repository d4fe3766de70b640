/** Money inside Lango: whole cents of a Kenyan shilling. Shillings exist only at the edges: the API, the pages, the providers. */
export type Cents = number & { readonly cents: true }

const shillings = /^(\d{1,12})(?:\.(\d{1,2}))?$/

/** Reads an amount as a caller writes it, `500`, `500.5` or `"500.00"`; undefined when it is no such amount. */
export function parseShillings(value: number | string): Cents | undefined {
  const match = shillings.exec(typeof value === 'number' ? plain(value) : value.trim())
  if (!match) return undefined
  return (Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'))) as Cents
}

// A number such as 1e309 or 1e-7 has no plain decimal form, and is no amount either.
function plain(value: number): string {
  return Number.isFinite(value) ? String(value) : ''
}

/** Writes cents as the API and files do: a decimal string in shillings, `"500.00"`, `"-33.25"`. */
export function toShillings(cents: number): string {
  const { sign, whole, hundredths } = partsOf(cents)
  return `${sign}${whole}.${hundredths}`
}

/** Writes cents as a person reads them: `1,500.00`, or `1,500` when `short` and whole. */
export function formatKes(cents: number, form: 'full' | 'short' = 'full'): string {
  const { sign, whole, hundredths } = partsOf(cents)
  const shillings = sign + whole.toLocaleString('en-KE')
  return form === 'short' && hundredths === '00' ? shillings : `${shillings}.${hundredths}`
}

function partsOf(cents: number): { sign: string; whole: number; hundredths: string } {
  const size = Math.abs(cents)
  return {
    sign: cents < 0 ? '-' : '',
    whole: Math.trunc(size / 100),
    hundredths: String(size % 100).padStart(2, '0'),
  }
}
