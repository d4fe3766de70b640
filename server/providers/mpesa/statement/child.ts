import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { arrayText } from '../../../database/array-text.ts'
import { Problem } from '../../../problem.ts'
import type { ProblemCode } from '../../../problem.ts'
import type { ProviderRecord } from '../../record.ts'
import { tableColumns } from '../../statement.ts'
import type { RecordTable, SentFile, Statement, StatementOptions } from '../../statement.ts'
import { readStatement } from './read.ts'

/** What the process is given when it begins. */
export type Given = { file: SentFile; options: StatementOptions }
/** What it is asked afterwards: some of the records, as they are or as a table. */
export type Asked = { as: 'records' | 'table' } & ({ offset: number; size: number } | { places: number[] })
/** What it tells: first what the statement is or why it is none, then what it was asked. */
export type Told =
  | { is: 'opened'; statement: Statement; file: { content: Uint8Array | Place; name?: string; sha256: Uint8Array } }
  | { is: 'problem'; code: ProblemCode; message: string; param?: string }
  | { is: 'failure'; error: unknown }
  | { is: 'records'; records: ProviderRecord[] }
  | { is: 'table'; count: number; columns: [name: keyof RecordTable['columns'], bytes: Uint8Array][] }

/** Where in what was sent the file is: whoever sent it has it, and need not be sent it back, unless it was encoded there. */
export type Place = { offset: number; length: number }

const encoder = new TextEncoder()

/** The file without the form around it. A form is taken apart here: of many megabytes it would hold up everybody else. */
async function unwrap({ content, contentType = '' }: SentFile): Promise<{ content: Uint8Array; name?: string }> {
  if (!/^multipart\/form-data\b/i.test(contentType)) return { content }
  const form = await new Response(content as Uint8Array<ArrayBuffer>, { headers: { 'Content-Type': contentType } })
    .formData()
    .catch(() => undefined)
  const file = form?.get('file')
  if (file instanceof File) return { content: new Uint8Array(await file.arrayBuffer()), name: file.name }
  throw new Problem(
    'invalid_request',
    'Send the statement as the field "file" of the form, or as the body itself.',
    'file',
  )
}

async function open({ file, options }: Given): Promise<ProviderRecord[]> {
  const { content, name } = await unwrap(file)
  const { statement, records } = await readStatement(content, { ...options, name: options.name ?? name })
  const sha256 = createHash('sha256').update(content).digest()
  tell({ is: 'opened', statement, file: { content: placeIn(file.content, content) ?? content, name, sha256 } })
  return records
}

function placeIn(sent: Uint8Array, content: Uint8Array): Place | undefined {
  const offset = content === sent ? 0 : Buffer.from(sent).indexOf(content)
  return offset < 0 ? undefined : { offset, length: content.length }
}

function answer(records: ProviderRecord[], asked: Asked): void {
  const some =
    'places' in asked
      ? asked.places.map((place) => records[place]!)
      : records.slice(asked.offset, asked.offset + asked.size)
  if (asked.as === 'records') return tell({ is: 'records', records: some })
  const columns = tableColumns.map(
    (name) => [name, encoder.encode(arrayText(some.map((record) => record[name])))] as [typeof name, Uint8Array],
  )
  tell({ is: 'table', count: some.length, columns })
}

function tell(told: Told): void {
  process.send!(told)
}

async function work(given: Given): Promise<void> {
  try {
    const records = await open(given)
    process.on('message', (asked: Asked) => answer(records, asked))
  } catch (error) {
    if (!(error instanceof Problem)) return tell({ is: 'failure', error })
    const { code, message, param } = error
    tell({ is: 'problem', code, message, param })
  }
}

/** Should the machine have no memory left, this is what is to end; where that cannot be said, it is as likely as any other. */
function endFirst(): void {
  if (process.platform !== 'linux') return
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000')
  } catch {}
}

// Payments come first.
setPriority(constants.priority.PRIORITY_LOW)
endFirst()
// Whoever stops the node and all that belongs to it lets it finish what it has in hand; the node ends this one.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {})
process.once('message', (given: Given) => void work(given))
