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
const CLOCKS = [
  'server/clock.ts',
  'simulator/clock.ts',
  'client/clock.ts',
  'daraja/client.ts',
  'pesaflow/client.ts',
  'examples/weighbridge/clock.ts',
]

const ASKS_THE_TIME = /\bDate\.now\(|\bnew Date\(\)|\bnew Date\b(?!\()|\bperformance\.now\(/

/** A room of the server, as ARCHITECTURE.md tells of it: what it may use is what stands before it, and which tables it writes. */
export type Room = { name: string; writes: string[] }

/** Files that put the whole together, and may use everything. */
const WHOLE = /^server\/(acts|app|create-context|index|node|serve|sweeps)\.ts$/
/** What stands on all verbs. */
const DOOR = /(?<!create-)\b(routes|page)\.ts$/
/** The words that providers speak, beside the seam itself. */
const WORDS = /^server\/providers\/(?!provider(-of)?\.ts$)[^/]+\.ts$/
/** Knows what there is, so that everybody may know it: a type. */
const CONTEXT = 'server/context.ts'

/** A file of a package: its path from the top, and its text. */
export type Source = { path: string; text: string }

/** Every file of program text in the packages that is not a test. */
export function readSources(): Source[] {
  return globSync(`{${Object.keys(ARROWS).join()}}/**/*.{ts,mjs}`, { cwd: root, exclude: isForeign })
    .filter((path) => !path.endsWith('.test.ts'))
    .map(read)
}

/** The tests of the packages, and what stands beside the packages. */
export function readTests(): Source[] {
  return globSync(`{${[...Object.keys(ARROWS), 'testing', 'bench'].join()}}/**/*.ts`, { cwd: root, exclude: isForeign })
    .filter((path) => path.endsWith('.test.ts') || !(packageOf(path) in ARROWS))
    .map(read)
}

/** The documents whose links must hold. */
export function readDocuments(): Source[] {
  return globSync(['README.md', 'ARCHITECTURE.md', 'docs/**/*.md'], { cwd: root }).map(read)
}

/** What a verb refuses in words of the API, which its page shows to people: those stand apart, as `byApi`. */
export function apiWords({ path, text }: Source): string[] {
  if (!text.includes('new Problem(') || !path.startsWith('server/') || /routes\.ts$|^server\/reference\//.test(path))
    return []
  const spoken = /\b(?:GET|POST|PUT|PATCH|DELETE) \/v1\b|Idempotency-Key\b(?!')/
  return text.split('\n').flatMap((line, index) => {
    const said = line.replace(/^\s*(?:\/\/|\/?\*).*/, '')
    return spoken.test(said) && !/\b(?:byApi|description):/.test(said)
      ? [`${path}:${index + 1} speaks of the API to whoever reads a page.`]
      : []
  })
}

/** Tables that are asked by any word: an object answers some, such as `constructor`, with what every object has. */
export function openTables({ path, text }: Source): string[] {
  return text.split('\n').flatMap((line, index) => {
    const [, name] = /^(?:export )?const (\w+): (?:Readonly<|Partial<)?Record<string,/.exec(line) ?? []
    return name ? [`${path}:${index + 1} has the table ${name}, which is asked by any word: make it a Map.`] : []
  })
}

/** The rooms of the server, from the ground up. */
export function readRooms(): Room[] {
  const rows = read('ARCHITECTURE.md').text.matchAll(/^\| (?:`([a-z0-9-]+)\/`|(values)) \|.*\|([^|]*)\|$/gm)
  const inServer = [...rows].filter(([, folder, values]) => values || existsSync(join(root, 'server', folder!)))
  return inServer.map(([, folder, , writes]) => ({
    name: folder ?? 'values',
    writes: writes!.replaceAll('`', '').split(' ').filter(Boolean),
  }))
}

/** Imports that go against the arrows between packages, around a package's door, or up in the server, types included. */
export function wrongArrows({ path, text }: Source, rooms: Room[]): string[] {
  return importsOf(text).flatMap(({ line, from }) => {
    const wrong = wrongPackage(path, from) ?? wrongRoom(path, from, rooms)
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

/** What is exported, and imported nowhere: not even by a test. Of the packages that others build on, all is for them. */
export function vainExports(sources: Source[], others: Source[]): string[] {
  const places = new Map<string, number>()
  for (const { text } of others)
    for (const word of new Set(text.match(/\w+/g))) places.set(word, (places.get(word) ?? 0) + 1)
  return sources
    .filter(({ path }) => ['server', 'simulator', 'cli'].includes(packageOf(path)))
    .flatMap(({ path, text }) =>
      [...text.matchAll(/^export (?:async )?(?:function\*?|const) (\w+)/gm)]
        .filter(([, name]) => places.get(name!) === 1)
        .map(({ index, 1: name }) => `${path}:${lineAt(text, index)} exports ${name}, which nobody imports.`),
    )
}

/** What a package needs and does not name in its package.json, or names there and does not need. */
export function wrongDependencies(sources: Source[]): string[] {
  return Object.keys(ARROWS)
    .filter((name) => existsSync(join(root, name, 'package.json')))
    .flatMap((name) => {
      const { dependencies = {} } = JSON.parse(read(`${name}/package.json`).text) as { dependencies?: object }
      const needed = new Set(
        sources.filter(({ path }) => packageOf(path) === name).flatMap(({ text }) => modulesOf(text)),
      )
      const named = new Set(Object.keys(dependencies))
      return [
        ...[...needed].filter((module) => !named.has(module)).map((module) => `${name} needs ${module}, unnamed.`),
        ...[...named].filter((module) => !needed.has(module)).map((module) => `${name} names ${module} in vain.`),
      ]
    })
}

/** The packages that a file imports, or finds a file of. */
function modulesOf(text: string): string[] {
  const found = text.matchAll(/\.resolve\(['`]([^'`$]+)/g)
  return [...importsOf(text).map(({ from }) => from), ...[...found].map(([, from]) => from!)]
    .filter((from) => !/^(?:\.|\/|node:)/.test(from))
    .map((from) => /^(?:@[^/]+\/)?[^/]+/.exec(from)![0])
}

function wrongRoom(path: string, from: string, rooms: Room[]): string | undefined {
  if (!from.startsWith('.') || !path.startsWith('server/') || WHOLE.test(path) || path === CONTEXT) return undefined
  const other = target(path, from)
  if (other === CONTEXT || !other.endsWith('.ts')) return undefined
  if (WHOLE.test(other)) return 'it is no part of the whole'
  if (DOOR.test(path)) return undefined
  if (DOOR.test(other)) return 'a verb stands below a route or page'
  const [own, used] = [path, other].map((file) => rooms.findIndex(({ name }) => name === roomOf(file)))
  if (own! < 0) return `ARCHITECTURE.md tells of no room ${roomOf(path)}`
  if (own! >= used!) return undefined
  return `${roomOf(path)} stands below ${roomOf(other)}`
}

function roomOf(path: string): string {
  if (path === 'server/callback-url.ts') return 'providers'
  const [, folder, file] = path.split('/')
  return file === undefined || WORDS.test(path) ? 'values' : folder!
}

/** Writes into tables that are not, by ARCHITECTURE.md, those of the room; and tables that the page claims in vain. */
export function wrongWrites(sources: Source[], rooms: Room[]): string[] {
  const written = sources.flatMap(({ path, text }) =>
    writesOf(text).map(({ line, table }) => ({ path, line, table, room: roomOf(path) })),
  )
  const outside = written.filter(({ room, table }) => !rooms.find(({ name }) => name === room)?.writes.includes(table))
  const claimed = rooms.flatMap(({ name, writes }) => writes.map((table) => ({ name, table })))
  const vain = claimed.filter(
    ({ name, table }) => !written.some((write) => write.room === name && write.table === table),
  )
  return [
    ...outside.map(({ path, line, room, table }) => `${path}:${line} writes ${table}, which ${room} does not.`),
    ...vain.map(({ name, table }) => `ARCHITECTURE.md says that ${name} writes ${table}, and nothing there does.`),
  ]
}

function writesOf(text: string): { line: number; table: string }[] {
  const code = text.replace(/^\s*(\/\/|\/?\*).*$/gm, (comment) => ' '.repeat(comment.length))
  const found = code.matchAll(/\b(?:insert into|delete from|update)\s+([a-z_0-9]+)(?=[\s(])(?!\s*\.)/g)
  return [...found]
    .map(({ index, 1: table }) => ({ line: lineAt(text, index), table: table! }))
    .filter(({ table }) => tables.has(table))
}

const tables = new Set(
  [...readFileSync(join(root, 'server/database/schema.sql'), 'utf8').matchAll(/^create table (\w+)/gm)]
    .map(([, name]) => name!)
    .concat('migrations'),
)

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

type Import = { line: number; from: string }

function importsOf(text: string): Import[] {
  const statements = text.matchAll(/^(?:import|export)(\s+type)?\b[\w\s{},*$]*?'([^'\n]+)'/gm)
  const calls = text.matchAll(/\bimport(\b)\('([^'\n]+)'\)/g)
  return [...statements, ...calls].map((match) => ({
    line: lineAt(text, match.index + match[0].length),
    from: match[2]!,
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
