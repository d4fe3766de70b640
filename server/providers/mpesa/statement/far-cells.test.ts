import assert from 'node:assert/strict'
import { test } from 'node:test'
import { workbook } from '../../../../simulator/statement/xlsx.ts'
import { refuseFarCells } from './far-cells.ts'
import { readStatement } from './read.ts'

const look = (rows: string) => refuseFarCells([workbook(rows)])

test('a cell further off than Excel has any is refused before anything is made as long as its row', async () => {
  const content = workbook('<row r="1"><c r="ZZZZZZ1"><v>1</v></c></row>')
  await assert.rejects(readStatement(content, { merchant_id: 'm', own: [] }), {
    code: 'invalid_request',
    message: /Excel file \(\.xlsx\) that cannot be opened/,
  })
})

for (const attribute of [
  "r='ZZZZZZ1'",
  'r="&#90;ZZZZZ1"',
  'r="zzzzz1"',
  'x:r="ZZZZZZ1"',
  'xmlns:x:r="ZZZZZZ1"',
  's="0"r="ZZZZZZ1"',
  's=">" r="ZZZZZZ1"',
  `s="${'0'.repeat(70_000)}" r="${'Z'.repeat(70_000)}1"`,
]) {
  test(`also where it is written ${attribute.slice(0, 40)}`, () =>
    assert.rejects(look(`<row r="1"><c ${attribute}><v>1</v></c></row>`), /where Excel has none/))
}

test('the last cell of a sheet is none of these, nor a text that speaks of one, nor a name that ends with r', () =>
  look(`<row r="1048576" xmlns:r="urn:x" order="ZZZZZZ1"><c r="XFD1048576"><v>r=ZZZZZZ1</v></c></row>`))

test('what a theme and a chart say of edges is no cell', () =>
  look('<a:fillToRect l="50%" t="-80000" r="-80000"/><a:fillToRect r="50%"/><c:pageMargins l="0.7" r="0.7"/>'))

test('a text longer than a cell can hold is refused before all of it is read', () =>
  assert.rejects(look(`<row r="1"><c r="A1"><v>${'1'.repeat(3_000_000)}</v></c></row>`), /longer than a cell/))
