import type { World } from '../world.ts'
import { encodings, writeCsv } from './csv.ts'
import type { EncodingName } from './csv.ts'
import { layouts } from './layouts.ts'
import type { LayoutName, Sheet } from './layouts.ts'
import { readStatement } from './statement.ts'
import type { StatementOptions } from './statement.ts'
import { writeXlsx } from './xlsx.ts'

export type StatementFileOptions = StatementOptions & {
  /**
   * `full`, the portal's thirteen columns, unless named; `seven`, its newer short one; `old`, that of years ago; `tills`, a
   * head office's report, with nothing above its list.
   */
  layout?: string
}

export type StatementCsvOptions = StatementFileOptions & {
  /** `utf-8` unless named; `utf-8-bom`, `cp1252`, `utf-16`. */
  encoding?: string
  /** A comma unless named. */
  separator?: string
}

/** An organisation's account statement as the M-PESA portal exports it in CSV. Throws a sentence about what it cannot read. */
export function statementText(
  world: World,
  { separator, ...options }: Omit<StatementCsvOptions, 'encoding'> = {},
): string {
  return writeCsv(sheetOf(world, options), separator)
}

/** The same, in the bytes of an encoding. */
export function statementCsv(world: World, { encoding = 'utf-8', ...options }: StatementCsvOptions = {}): Uint8Array {
  if (!Object.hasOwn(encodings, encoding)) throw unknownChoice('encoding', encoding, encodings)
  return encodings[encoding as EncodingName](statementText(world, options))
}

/** The same as a workbook of Excel. */
export function statementXlsx(world: World, options: StatementFileOptions = {}): Uint8Array {
  return writeXlsx(sheetOf(world, options))
}

function sheetOf(world: World, { layout = 'full', ...options }: StatementFileOptions): Sheet {
  if (!Object.hasOwn(layouts, layout)) throw unknownChoice('layout', layout, layouts)
  return layouts[layout as LayoutName](readStatement(world, options))
}

function unknownChoice(what: string, said: string, choices: object): Error {
  return new Error(`There is no ${what} ${said}. Write one of ${Object.keys(choices).join(', ')}.`)
}
