/** The one place of this package that asks what time it is. */
export function now(): Date {
  return new Date()
}
