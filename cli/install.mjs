// Run before `npm start` and `npm test`, by whatever Node the machine has (20 or newer): installs what is missing or out
// of date, the right Node among it, so that a fresh clone needs no other command. Plain JavaScript without dependencies,
// because nothing is installed yet.

import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const modules = join(root, 'node_modules')
const isWindows = process.platform === 'win32'

if (!isInstalled()) {
  console.log('Installing what Lango needs. This takes a minute, once.')
  npm('ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error')
}
provideNode()

/** Whether node_modules holds what the lock asks for: npm writes down there what it has installed. */
function isInstalled() {
  const wanted = readJson(join(root, 'package-lock.json'))?.packages ?? {}
  const installed = readJson(join(modules, '.package-lock.json'))?.packages
  if (!installed) return false
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes('node_modules/') || !isForThisSystem(entry)) return true
    return installed[path]?.version === entry.version && existsSync(join(root, path))
  })
}

/** An optional package counts when it says that it is for this system; the others npm may have left out. */
function isForThisSystem({ optional, devOptional, os, cpu, libc }) {
  if (!optional && !devOptional) return true
  return !libc && Boolean(os?.includes(process.platform) && cpu?.includes(process.arch))
}

/**
 * Sees to it that `node` means Node 24.12 or newer in npm's scripts, which look into node_modules/.bin first. The `node`
 * package fetches its program in an install script; where npm was told to run none, that is made up for here.
 */
function provideNode() {
  const program = join(modules, '.bin', isWindows ? 'node.cmd' : 'node')
  if (existsSync(program) ? runs(program) : isNewEnough(process.version)) return
  if (isNewEnough(process.version)) return rmSync(program)
  console.log('Installing Node 24 for Lango alone.')
  spawnSync(process.execPath, ['installArchSpecificPackage.js'], { cwd: join(modules, 'node'), stdio: 'inherit' })
  if (!runs(program)) npm('rebuild', 'node', '--ignore-scripts', '--loglevel=error')
  if (runs(program)) return
  fail(
    'Lango needs Node 24.12 or newer, which npm cannot install here: install it from https://nodejs.org, and try again.',
  )
}

function runs(program) {
  const { stdout } = spawnSync(program, ['--version'], { encoding: 'utf8', shell: isWindows })
  return isNewEnough(stdout ?? '')
}

function isNewEnough(version) {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number)
  return major > 24 || (major === 24 && minor >= 12)
}

function npm(...words) {
  const { status } = spawnSync('npm', words, { cwd: root, stdio: 'inherit', shell: isWindows })
  if (status !== 0) fail(`npm ${words[0]} did not succeed: put right what it says above, and try again.`)
}

function fail(sentence) {
  console.error(sentence)
  process.exit(1)
}

function readJson(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined
}
