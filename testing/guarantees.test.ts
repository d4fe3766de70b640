import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

const page = new URL('../docs/guarantees.md', import.meta.url)

test('every promise names a test that is there', () => {
  const named = [...readFileSync(page, 'utf8').matchAll(/\[[^\]]+\]\(([^)]+\.test\.ts)\): (.+?) \|$/gm)]
  assert.ok(named.length > 40)
  for (const [, path, sentence] of named) {
    const source = readFileSync(new URL(path!, page), 'utf8')
    assert.ok(source.includes(sentence!), `${path} has no test named: ${sentence}`)
  }
})
