/** The pattern of `like` for whatever begins with a text. */
export function beginningOf(text: string): string {
  return `${text.replace(/[\\%_]/g, '\\$&')}%`
}

/** The beginning of a phone as the tables hold it: a person types 0712…, the table says 254712…. */
export function phoneBeginning(beginning: string): string {
  return beginning.replace(/[ +]/g, '').replace(/^0/, '254')
}
