const kgOf = new Map(Object.entries<number>({ kg: 1, k: 1, t: 1000, lb: 0.45359237 }))

/** A number as scales write it, with blanks after its sign perhaps, in kilograms; `undefined` where it is no number or no unit. */
export function kilograms(number: string, unit = 'kg'): number | undefined {
  const text = number.replaceAll(' ', '')
  const factor = kgOf.get(unit.trim().toLowerCase())
  if (factor === undefined || !/^[-+]?\d+(\.\d+)?$/.test(text)) return undefined
  return Math.round(Number(text) * factor * 10) / 10
}
