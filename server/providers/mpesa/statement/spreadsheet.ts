import { Readable } from 'node:stream'
import { Problem } from '../../../problem.ts'
import { textOf } from './cell.ts'
import { cellLengthMax, cellsMax } from './row.ts'
import type { Row } from './row.ts'

const sliceBytes = 4 * 1024
/** A hundred thousand lines unpack to some 60 MB. */
const unpackedBytesMax = 300 * 1024 * 1024

/**
 * The rows of an XLSX, sheet after sheet; rows of blanks are passed over. Memory is bounded: what unpacks to more than a statement can have is refused.
 * @throws a Problem when it cannot be opened.
 */
export async function spreadsheetRows(content: Uint8Array): Promise<Row[]> {
  try {
    // Loaded when they are wanted: most statements are CSV, and are read sooner without them.
    const { refuseFarCells } = await import('./far-cells.ts')
    const { default: readWorkbook } = await import('read-excel-file/node')
    await refuseFarCells(slices(content))
    const sheets = await readWorkbook(Readable.from(slices(content)))
    return sheets.flatMap(({ data }) => data.map(rowOf)).filter(({ cells }) => cells.some((cell) => cell !== ''))
  } catch (error) {
    if (error instanceof Problem) throw error
    throw new Problem(
      'invalid_request',
      'This is an Excel file (.xlsx) that cannot be opened: it is damaged, cut off or no workbook. Export the statement again, or save it as CSV.',
      'file',
    )
  }
}

// Little by little, so that a small file that unpacks to gigabytes is noticed before it has.
function* slices(content: Uint8Array): Generator<Buffer> {
  for (let start = 0; start < content.length; start += sliceBytes) {
    if (process.memoryUsage().arrayBuffers > unpackedBytesMax)
      throw new Problem(
        'body_too_large',
        'This Excel file unpacks to more than a statement can have. Export a shorter period.',
      )
    yield Buffer.from(content.buffer, content.byteOffset + start, Math.min(sliceBytes, content.length - start))
  }
}

function rowOf(cells: readonly unknown[], index: number): Row {
  return {
    number: index + 1,
    cells: cells.slice(0, cellsMax).map((cell) => textOf(cell as Parameters<typeof textOf>[0]).slice(0, cellLengthMax)),
  }
}
