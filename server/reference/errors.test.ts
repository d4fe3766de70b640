import assert from 'node:assert/strict'
import { test } from 'node:test'
import { holds } from '../../testing/holds.ts'
import { errorsDocument } from './errors-document.ts'
import { errorsBody } from './errors-page.ts'
import { errorReference } from './errors.ts'
import { problems } from '../problem.ts'

test('the document of the errors says what the program says', () => {
  holds(import.meta.filename, 'docs/errors.md', errorsDocument(errorReference))
})

test('every error has a place of its own on the page, to which docs_url leads', async () => {
  const body = String(await errorsBody(errorReference))
  const ids = [...body.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!)
  assert.equal(new Set(ids).size, ids.length, 'Two have the same.')
  for (const code of Object.keys(problems)) assert.ok(ids.includes(code), code)
  for (const [, to] of body.matchAll(/href="#([^"]+)"/g)) assert.ok(ids.includes(to!), to)
})

test('what people meet most stands first, and names the code by which they look for it', () => {
  const { troubles } = errorReference
  const shown = troubles.map(({ shows }) => shows).join()
  for (const code of ['SFC_IC0003', 'TransactionType', '2028', '2001', '1037', '4999'])
    assert.ok(shown.includes(code), code)
  assert.match(troubles.find(({ id }) => id === 'no-callbacks')!.title, /firewall/)
})
