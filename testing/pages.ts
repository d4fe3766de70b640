import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { serve } from '@hono/node-server'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import type { Context } from '../server/context.ts'
import { createNode } from '../server/node.ts'
import { openBrowser } from './browser.ts'

/** Pages in a real browser, of a server that is a `fetch`. */
export type Pages = {
  /** Opens a page in a browser of its own; what its scripts complain about is collected. Close its context when done. */
  visit(path: string, options?: BrowserContextOptions): Promise<{ page: Page; complaints: string[] }>
  address: string
  close(): Promise<void>
}

/** Where to keep pictures of every page that the tests look at, if anybody wants them: `PICTURES=folder`. */
const picturesFolder = process.env.PICTURES

/** A feature phone, a phone and a desk, in both palettes and both languages. */
export const looks = [
  { width: 240, height: 320, colorScheme: 'light', locale: 'sw-KE' },
  { width: 390, height: 760, colorScheme: 'dark', locale: 'sw-KE' },
  { width: 1280, height: 800, colorScheme: 'light', locale: 'sw-KE' },
  { width: 240, height: 320, colorScheme: 'dark', locale: 'en-KE' },
  { width: 390, height: 760, colorScheme: 'light', locale: 'en-KE' },
  { width: 1280, height: 800, colorScheme: 'dark', locale: 'en-KE' },
] as const

/** A phone and a desk by day and by night: how a page is looked at that is in English alone. */
export const papers = [390, 1280].flatMap((width) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ width, height: 800, colorScheme, locale: 'en-KE' })),
)

/** The two screens at which people work, with and without scripts: what a flow is walked through on, each with its name. */
export const screens: readonly (readonly [name: string, options: BrowserContextOptions])[] = [
  ['on a phone by night', { viewport: { width: 390, height: 760 }, colorScheme: 'dark' }],
  ['at a desk by day', { viewport: { width: 1280, height: 800 }, colorScheme: 'light' }],
]

/** The same, and both once more without JavaScript. */
export const plainScreens = screens.flatMap(([name, options]) => [
  [name, options] as const,
  [`${name}, without JavaScript`, { ...options, javaScriptEnabled: false }] as const,
])

export type Look = { width: number; height: number; colorScheme: 'light' | 'dark'; locale: string }

/**
 * Opens a page once in each language and looks at it in each look: that it is no wider than its window, that axe finds nothing
 * serious, and whatever else `check` wants. With `as` it is seen by somebody who is signed in. Pictures are kept under `name`. A page that makes itself is waited for, `until` this is there.
 */
export async function lookAt(
  pages: Pages,
  {
    path,
    name,
    until = 'body',
    at = looks,
    as = {},
  }: { path: string; name: string; until?: string; at?: readonly Look[]; as?: BrowserContextOptions },
  check: (page: Page, look: Look, where: string) => Promise<void> = async () => {},
): Promise<void> {
  for (const [locale, ofLocale] of Map.groupBy(at, (look) => look.locale)) {
    const { page, complaints } = await pages.visit(path, { locale, reducedMotion: 'reduce', ...as })
    await page.locator(until).first().waitFor()
    const palettesSeen = new Set<string>()
    for (const look of ofLocale) {
      const { width, height, colorScheme } = look
      await page.setViewportSize({ width, height })
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      const where = `${name}-${width}-${colorScheme}-${locale.slice(0, 2)}`
      assert.equal(await excessWidth(page), 0, `${where} is wider than its window.`)
      // What axe sees depends on the words and the colours, and not on the width.
      if (!palettesSeen.has(colorScheme)) assert.deepEqual(await barriers(page), [], where)
      palettesSeen.add(colorScheme)
      await check(page, look, where)
      await keepPicture(page, where)
    }
    assert.deepEqual(complaints, [], name)
    await page.context().close()
  }
}

/** Opens a browser on an installation. Close it when done. */
export function pagesOf(context: Context): Promise<Pages> {
  return openPages(createNode(context).app.fetch)
}

/** Opens a browser on what a `fetch` answers. */
export async function openPages(fetch: (request: Request) => Response | Promise<Response>): Promise<Pages> {
  const browser: Browser = await openBrowser()
  const server = serve({ fetch, port: 0, hostname: '127.0.0.1' })
  await once(server, 'listening')
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    address,
    async visit(path, options = {}) {
      const visitor = await browser.newContext({ viewport: { width: 390, height: 760 }, locale: 'en-KE', ...options })
      const page = await visitor.newPage()
      const complaints: string[] = []
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
      page.on('pageerror', (error) => complaints.push(error.message))
      const answer = await page.goto(address + path)
      // Chromium complains of a page that there is not; that is what such a page says itself.
      if (answer && answer.status() >= 400) complaints.length = 0
      return { page, complaints }
    },
    async close() {
      await browser.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe finds serious or critical on a page, each as a line: the rule, where, and what to do. */
export async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  return page.evaluate(async () => {
    type Violation = { id: string; impact: string; nodes: { target: string[]; failureSummary: string }[] }
    const { run } = (window as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } }).axe
    const { violations } = await run()
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')}: ${failureSummary}`),
      )
  })
}

/** By how many pixels a page is wider than its window. */
export function excessWidth(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
}

/** Keeps a picture of the whole page, where pictures are wanted. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  if (!picturesFolder) return
  mkdirSync(picturesFolder, { recursive: true })
  await page.screenshot({ path: join(picturesFolder, `${name}.png`), fullPage: true })
}
