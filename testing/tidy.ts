import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'

/** The top of the repository. */
export const root = dirname(import.meta.dirname)

/** Which package may import which. Tests, testing/ and bench/ are free. */
const ARROWS: Record<string, string[]> = {
  cli: ['server', 'simulator', 'client', 'daraja', 'pesaflow'],
  server: ['daraja', 'pesaflow'],
  examples: ['client'],
  simulator: [],
  client: [],
  daraja: [],
  pesaflow: [],
}

/** The only files that ask what time it is. All others are told. */
const CLOCKS = ['server/clock.ts', 'simulator/clock.ts', 'client/clock.ts', 'daraja/client.ts', 'pesaflow/client.ts']

const ASKS_THE_TIME = /\bDate\.now\(|\bnew Date\(\)|\bnew Date\b(?!\()|\bperformance\.now\(/

/** The floors of the server, from the ground up: none imports from a floor above its own. */
const FLOORS = [
  { name: 'a value', holds: /^server\/(clock|config|id|money|problem|secret|token)\.ts$/ },
  { name: 'the database', holds: /^server\/database\// },
  { name: 'a verb', holds: /^server\/(?!(app|index|node|serve)\.ts$)(?!.*\b(routes|page)\.ts$)/ },
  { name: 'a route or page', holds: /^server\/.*\b(routes|page)\.ts$/ },
  { name: 'the whole', holds: /^server\/(app|index|node|serve)\.ts$/ },
]

/** A file of a package: its path from the top, and its text. */
export type Source = { path: string; text: string }

/** Every file of program text in the packages that is not a test. */
export function readSources(): Source[] {
  return globSync(`{${Object.keys(ARROWS).join()}}/**/*.{ts,mjs}`, { cwd: root, exclude: isForeign })
    .filter((path) => !path.endsWith('.test.ts'))
    .map(read)
}

/** The documents whose links must hold. */
export function readDocuments(): Source[] {
  return globSync(['README.md', 'ARCHITECTURE.md', 'docs/**/*.md'], { cwd: root }).map(read)
}

/** Imports that go against the arrows between packages, around a package's door, or up in the server. */
export function wrongArrows({ path, text }: Source): string[] {
  return importsOf(text).flatMap(({ line, from, isType }) => {
    const wrong = wrongPackage(path, from) ?? (isType ? undefined : wrongFloor(path, from))
    return wrong ? [`${path}:${line} imports ${from}: ${wrong}.`] : []
  })
}

function wrongPackage(path: string, from: string): string | undefined {
  const own = packageOf(path)
  if (from.startsWith('.')) {
    return packageOf(target(path, from)) === own ? undefined : 'that is outside its package, whose name must be used'
  }
  const [, name = '', entry = ''] = /^@lango\/([^/]+)(\/.*)?$/.exec(from) ?? (from === 'lango' ? ['', 'cli'] : [])
  if (!name) return undefined
  if (!ARROWS[own]?.includes(name)) return `${own} may not know ${name}`
  if (!isExported(name, `.${entry}`)) return `${name} has no such door`
  return undefined
}

function isExported(name: string, entry: string): boolean {
  const { exports = {} } = JSON.parse(read(`${name}/package.json`).text) as { exports?: Record<string, unknown> }
  return Object.keys(exports).some((key) => key === entry || (key.endsWith('*') && entry.startsWith(key.slice(0, -1))))
}

function wrongFloor(path: string, from: string): string | undefined {
  if (!from.startsWith('.')) return undefined
  const [own, other] = [floorOf(path), floorOf(target(path, from))]
  if (own >= other) return undefined
  return `${FLOORS[own]!.name} stands below ${FLOORS[other]!.name}`
}

/** Lines that ask the time outside the one clock of their package. */
export function strayClocks({ path, text }: Source): string[] {
  if (CLOCKS.includes(path)) return []
  return text
    .split('\n')
    .flatMap((line, index) =>
      ASKS_THE_TIME.test(line) && !isComment(line) ? [`${path}:${index + 1} asks the time itself.`] : [],
    )
}

/** Links and pictures that lead to no file. */
export function brokenLinks(document: Source): string[] {
  return linksOf(document).flatMap(({ line, to, file }) =>
    existsSync(join(root, file)) ? [] : [`${document.path}:${line} links to ${to}, which does not exist.`],
  )
}

/** Every link of a document to a file, in order. `file` is its path from the top. */
export function linksOf({ path, text }: Source): { line: number; to: string; file: string }[] {
  const found = text.matchAll(/\]\(<?([^)\s>]+)|\b(?:src|srcset|href)="([^"\s]+)/g)
  return [...found]
    .map((match) => ({ line: lineAt(text, match.index), to: match[1] ?? match[2] ?? '' }))
    .filter(({ to }) => !/^([a-z]+:|#)/.test(to))
    .map(({ line, to }) => ({ line, to, file: target(path, decodeURI(to.replace(/#.*$/, ''))) }))
}

type Import = { line: number; from: string; isType: boolean }

function importsOf(text: string): Import[] {
  const statements = text.matchAll(/^(?:import|export)(\s+type)?\b[\w\s{},*$]*?'([^'\n]+)'/gm)
  const calls = text.matchAll(/\bimport(\b)\('([^'\n]+)'\)/g)
  return [...statements, ...calls].map((match) => ({
    line: lineAt(text, match.index + match[0].length),
    from: match[2]!,
    isType: Boolean(match[1]),
  }))
}

function isComment(line: string): boolean {
  return /^\s*(\/\/|\/?\*)/.test(line)
}

function isForeign(path: string): boolean {
  return /(^|\/)(node_modules|dist)$/.test(path)
}

function packageOf(path: string): string {
  return path.split('/', 1)[0]!
}

function floorOf(path: string): number {
  return FLOORS.findIndex(({ holds }) => holds.test(path))
}

/** Where a relative link or import in a file leads, as a path from the top. */
function target(path: string, to: string): string {
  return normalize(join(dirname(path), to))
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}

function read(path: string): Source {
  return { path: relative(root, join(root, path)), text: readFileSync(join(root, path), 'utf8') }
}
