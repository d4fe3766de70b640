import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Parse } from 'unzipper-esm'
import type { Entry } from 'unzipper-esm'

/** Where a tag names a cell, or numbers a row, as Excel never does: a column has three letters, a row seven digits at most. */
const farName = /(?<![\w.:-])(?!xmlns:r=)(?:[\w.-]*:)*r=(["'])(?![A-Z]{0,3}-?\d{1,7}(?:\.\d+)?%?\1)/
/** More than any text of a cell has between two tags. */
const textLengthMax = 1024 * 1024

/**
 * Refuses a workbook with a cell that lies further off than a cell can. The library fills its row up to there, in one array: one
 * that is larger than a thread may have ends the whole process, and not the thread.
 * @throws where there is such a cell, and where the archive cannot be read
 */
export async function refuseFarCells(packed: Iterable<Buffer>): Promise<void> {
  // The archive is taken apart by what the library itself uses, so that both see the same.
  await pipeline(Readable.from(packed), Parse({ forceStream: true }), async (entries: AsyncIterable<Entry>) => {
    for await (const entry of entries) {
      if (/\.xml(?:\.rels)?$/.test(entry.path)) await refuseFarNames(entry)
      else await entry.autodrain().promise()
    }
  })
}

async function refuseFarNames(part: AsyncIterable<Buffer>): Promise<void> {
  let text = ''
  for await (const chunk of part) {
    text += chunk.toString('latin1')
    const end = text.lastIndexOf('>') + 1
    if (farName.test(text.slice(0, end))) throw new Error('It has a cell where Excel has none.')
    text = text.slice(end)
    if (text.length > textLengthMax) throw new Error('It has a text longer than a cell can hold.')
  }
}
