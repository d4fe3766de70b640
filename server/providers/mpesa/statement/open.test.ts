import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createStatementReader } from './open.ts'

const columns = 'Receipt No.,Completion Time,Details,Transaction Status,Paid In,Withdrawn,Balance,Reason Type,A/C No.'

/** A statement of so many lines. */
function statementOf(lines: number): Buffer {
  const rows = Array.from(
    { length: lines },
    (_, index) =>
      `UKK${index.toString(36).toUpperCase().padStart(7, '0')},20-11-2026 14:30:00,Pay Bill from 254711000000 - AMINA,Completed,100.00,,100.00,Pay Bill,INV-${index}`,
  )
  return Buffer.from(`Short Code:,174379\r\n${columns}\r\n${rows.join('\r\n')}\r\n`)
}

const options = (merchant_id: string) => ({ merchant_id, own: [] })

test('a file that takes more memory than it may ends nothing but its reading, and the next file is read', async () => {
  const open = createStatementReader(32)
  await assert.rejects(open({ content: statementOf(60_000) }, options('asha')), {
    code: 'body_too_large',
    message: /takes more time or memory to read than it may\. Export a shorter period\./,
  })
  const reading = await open({ content: statementOf(3) }, options('juma'))
  assert.deepEqual(
    (await reading.page(1, 1)).map(({ receipt }) => receipt),
    ['UKK0000001'],
  )
  reading.close()
  await assert.rejects(reading.page(0, 1), { code: 'body_too_large' }, 'Of one that has ended nothing is awaited.')
})

test('a file in a form is told apart from what is around it, byte for byte', async () => {
  const content = statementOf(2)
  const form = new FormData()
  form.set('note', 'of November')
  form.set('file', new File([new Uint8Array(content)], 'november.csv'))
  const sent = new Response(form)
  const reading = await createStatementReader()(
    { content: new Uint8Array(await sent.arrayBuffer()), contentType: sent.headers.get('Content-Type')! },
    options('asha'),
  )
  assert.deepEqual([reading.file.name, reading.file.content], ['november.csv', content])
  reading.close()
})

test('a file that its form holds as base64 is kept as it is', async () => {
  const content = statementOf(2)
  const part =
    'Content-Disposition: form-data; name="file"; filename="november.csv"\r\nContent-Transfer-Encoding: base64'
  const form = `--edge\r\n${part}\r\n\r\n${content.toString('base64')}\r\n--edge--\r\n`
  const reading = await createStatementReader()(
    { content: Buffer.from(form), contentType: 'multipart/form-data; boundary=edge' },
    options('asha'),
  )
  assert.deepEqual(reading.file.content, content)
  reading.close()
})
