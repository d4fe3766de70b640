import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { lookAt, looks, pagesOf } from '../../testing/pages.ts'
import type { Pages } from '../../testing/pages.ts'
import { tell } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { createNode } from '../node.ts'

let told: Story
let pages: Pages

before(async () => {
  told = await tell()
  pages = await pagesOf(told.context)
})

after(async () => {
  await pages.close()
  await told.end()
})

for (const [path, name, until] of [
  ['/docs', 'docs', '.opblock'],
  ['/docs/errors', 'docs-errors', 'h1'],
  ['/no/such/page', 'lost', 'h1'],
] as const) {
  test(`${path} fits every screen, and bars nobody`, () =>
    lookAt(pages, { path, name, until, at: [looks[1], looks[4]] }))
}

test('the reference folds out, with nothing from elsewhere', async () => {
  const { page, complaints } = await pages.visit('/docs', { viewport: { width: 1280, height: 800 } })
  const hosts = new Set<string>()
  page.on('request', (request) => hosts.add(new URL(request.url()).host))
  await page.getByText('Ask a payer to pay', { exact: true }).click()
  await page.getByText('With a phone the prompt is sent at once').waitFor()
  await page.getByRole('button', { name: 'Try it out' }).click()
  assert.deepEqual(complaints, [])
  assert.ok(
    [...hosts].every((host) => pages.address.endsWith(host)),
    [...hosts].join(),
  )
  await page.context().close()
})

test('at an address where there is nothing a person sees a page, and a program the API’s own answer', async () => {
  const { app } = createNode(told.context)
  const asked = (Accept: string, method = 'GET') => app.request('/no/such/page', { method, headers: { Accept } })
  const page = await asked('text/html,application/xhtml+xml,*/*;q=0.8')
  assert.equal(page.status, 404)
  assert.match(await page.text(), /Nothing is here/)
  for (const answer of [await asked('*/*'), await asked('application/json'), await asked('text/html', 'POST')])
    assert.equal(((await answer.json()) as { error: { code: string } }).error.code, 'not_found')
})
