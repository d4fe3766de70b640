import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const root = dirname(import.meta.dirname)
const dist = join(root, 'dist')
const staging = join(dist, 'packages')
const isWindows = process.platform === 'win32'

type Manifest = {
  name: string
  version: string
  exports?: Record<string, string>
  bin?: Record<string, string>
  publishConfig?: Record<string, unknown>
} & Record<string, unknown>

/** A package of the workspace: its folder, and its package.json. */
type Package = { folder: string; manifest: Manifest }

/** What `npm install` takes. */
export type Tarball = { name: string; file: string; bytes: number }

/**
 * Makes a tarball of each package in dist/, as npm installs it: Node strips no types under node_modules, so what is published is
 * JavaScript, with declarations beside it. Only what a package's doors lead to is in it, and no test.
 */
export function packAll(): Tarball[] {
  rmSync(dist, { recursive: true, force: true })
  const packages = readPackages()
  compile(packages)
  return packages.map((one) => {
    copyTheRest(one)
    writeJson(join(staging, one.folder, 'package.json'), published(one.manifest))
    return pack(one)
  })
}

function readPackages(): Package[] {
  const { workspaces } = readJson<{ workspaces: string[] }>(join(root, 'package.json'))
  return workspaces.map((folder) => ({ folder, manifest: readJson<Manifest>(join(root, folder, 'package.json')) }))
}

/** The files that a package is entered by. */
function doorsOf({ folder, manifest: { exports = {}, bin = {} } }: Package): string[] {
  const patterns = [...Object.values(exports), ...Object.values(bin)]
  return globSync(patterns, { cwd: join(root, folder), exclude: ['**/*.test.ts'] }).map((file) =>
    join(root, folder, file),
  )
}

/** Declarations keep the comments, which editors show; the JavaScript goes without, which halves it. */
function compile(packages: Package[]): void {
  const files = packages.flatMap(doorsOf)
  const options = { noEmit: false, rootDir: root, outDir: staging, target: 'es2023', allowJs: true }
  emit(files, { ...options, removeComments: true })
  const typed = files.filter((file) => file.endsWith('.ts'))
  emit(typed, { ...options, declaration: true, emitDeclarationOnly: true })
  for (const file of globSync('**/*.d.ts', { cwd: staging })) {
    const path = join(staging, file)
    writeFileSync(path, readFileSync(path, 'utf8').replace(/((?:from |import\()["']\.[^"']*)\.ts(["'])/g, '$1.js$2'))
  }
}

function emit(files: string[], compilerOptions: object): void {
  const config = join(dist, 'tsconfig.json')
  mkdirSync(dist, { recursive: true })
  writeJson(config, { extends: '../tsconfig.json', compilerOptions, files, include: [] })
  execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '--project', config], {
    stdio: 'inherit',
  })
}

/** What needs no compiler: stylesheets, pictures, scripts for the browser, migrations, the README; and the licence. */
function copyTheRest({ folder }: Package): void {
  const from = join(root, folder)
  const isSource = (path: string) => /(^|\/)(node_modules|dist|fixtures|package\.json)$|\.(ts|mjs)$/.test(path)
  for (const file of globSync('**/*.*', { cwd: from, exclude: isSource })) {
    const to = join(staging, folder, file)
    // page.js beside page.ts works in the source, where each has its own name.
    if (existsSync(to)) throw new Error(`${folder}/${file} has the name of what is compiled: give it another.`)
    cpSync(join(from, file), to)
  }
  if (!existsSync(join(from, 'README.md'))) throw new Error(`${folder}/ has no README.md, which its package needs.`)
  writeFileSync(join(staging, folder, 'LICENSE'), licenceNotice())
}

/** The notice with which the licence ends. It says where the whole text is, which would be a fifteenth of a small package. */
function licenceNotice(): string {
  const text = readFileSync(join(root, 'LICENSE'), 'utf8')
  return text.slice(text.lastIndexOf('Licensed under the Apache License')).replaceAll('\n   ', '\n')
}

/**
 * The manifest with the doors where the compiler put them. `publishConfig` holds what is true of the published package alone: the
 * Node that runs it, of which npm would complain in a clone, where npm fetches that Node.
 */
function published({ exports = {}, bin, publishConfig, ...manifest }: Manifest): object {
  const script = (path: string) => path.replace(/\.ts$/, '.js')
  const door = (path: string) => ({ types: path.replace(/\.ts$/, '.d.ts'), default: script(path) })
  const doors = Object.entries(exports).map(([name, path]) => [name, door(path)])
  return {
    ...manifest,
    ...(bin && { bin: Object.fromEntries(Object.entries(bin).map(([name, path]) => [name, script(path)])) }),
    exports: { ...Object.fromEntries(doors), './package.json': './package.json' },
    ...publishConfig,
  }
}

function pack({ folder, manifest: { name } }: Package): Tarball {
  const text = execFileSync('npm', ['pack', '--json', '--loglevel=error', '--pack-destination', dist], {
    cwd: join(staging, folder),
    encoding: 'utf8',
    shell: isWindows,
  })
  const [{ filename }] = JSON.parse(text) as [{ filename: string }]
  const file = join(dist, filename)
  return { name, file, bytes: statSync(file).size }
}

function readJson<Json>(path: string): Json {
  return JSON.parse(readFileSync(path, 'utf8')) as Json
}

function writeJson(path: string, value: object): void {
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`)
}

if (import.meta.main) {
  for (const { name, file, bytes } of packAll()) {
    console.log(`${name.padEnd(18)} ${(bytes / 1000).toFixed(1).padStart(7)} KB  ${file.slice(root.length + 1)}`)
  }
}
