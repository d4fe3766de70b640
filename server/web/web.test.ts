import assert from 'node:assert/strict'
import { test } from 'node:test'
import { joinStyles } from './asset.ts'
import { preferredLanguage, speaker } from './language.ts'
import { stylesheetUrl } from './layout.ts'
import { webRoutes } from './routes.ts'

for (const [header, language] of [
  ['sw', 'sw'],
  ['sw-KE,sw;q=0.9,en;q=0.8', 'sw'],
  ['en-GB,en;q=0.9,sw;q=0.8', 'en'],
  ['en;q=0.2, sw;q=0.7', 'sw'],
  ['fr-FR, sw;q=0.5', 'sw'],
  ['sw;q=0, fr', undefined],
  ['*', undefined],
  ['', undefined],
  [undefined, undefined],
] as const) {
  test(`a browser that prefers "${header}" is spoken to in ${language ?? 'no language of its own'}`, () => {
    assert.equal(preferredLanguage(header), language)
  })
}

test('a sentence is said with its values, and never with a hole in it', () => {
  const say = speaker({ pay: ['Pay {merchant}', 'Lipa {merchant}'] } as const, 'sw')
  assert.equal(say('pay', { merchant: 'Duka {x} $& la Mfano' }), 'Lipa Duka {x} $& la Mfano')
  assert.throws(() => say('pay'), /needs a value for \{merchant\}/)
})

test('the stylesheet may be kept for ever at the address of its version, and is asked for again at any other', async () => {
  const routes = webRoutes()
  const kept = await routes.request(stylesheetUrl)
  assert.equal(kept.status, 200)
  assert.equal(kept.headers.get('Content-Type'), 'text/css; charset=utf-8')
  assert.equal(kept.headers.get('Cache-Control'), 'public, max-age=31536000, immutable')
  const other = await routes.request('/web/lango.css')
  assert.equal(other.headers.get('Cache-Control'), 'public, max-age=0, must-revalidate')
  const etag = other.headers.get('ETag')!
  const again = await routes.request('/web/lango.css', { headers: { 'If-None-Match': etag } })
  assert.equal(again.status, 304)
})

test('styles are joined without what only people read', () => {
  const style = (text: string) => ({ text, version: '', source: '' })
  const joined = joinStyles(
    style('/* Why. */\na { color: red;\n  margin: 0 }'),
    style('b > c, d { top: calc(1px + 2px) }'),
  )
  assert.equal(joined.text, 'a{color:red;margin:0}b > c,d{top:calc(1px + 2px)}')
})
