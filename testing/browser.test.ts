import assert from 'node:assert/strict'
import { test } from 'node:test'

import { openBrowser } from './browser.ts'

test('a browser opens one page after another, and draws them', async () => {
  const browser = await openBrowser()
  try {
    for (const word of ['Karibu', 'Asante']) {
      const page = await browser.newPage({ viewport: { width: 390, height: 800 } })
      await page.setContent(`<h1>${word}</h1>`)
      assert.equal(await page.textContent('h1'), word)
      const picture = await page.screenshot()
      assert.equal(picture.subarray(1, 4).toString(), 'PNG')
    }
  } finally {
    await browser.close()
  }
})
