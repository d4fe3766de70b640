import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { root } from './tidy.ts'

/** Holds a page to what the program says of itself; WRITE_DOCUMENTS=1 writes it anew. `test` is the file that does this. */
export function holds(test: string, path: string, text: string): void {
  const file = join(root, path)
  if (process.env['WRITE_DOCUMENTS']) writeFileSync(file, text)
  assert.equal(
    readFileSync(file, 'utf8'),
    text,
    `Write ${path} anew: WRITE_DOCUMENTS=1 npm exec -- node --test ${relative(root, test)}`,
  )
}
