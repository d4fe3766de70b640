import { execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from 'node:test'
import { shareCluster, startTestCluster } from '../database.ts'
import { root } from '../tidy.ts'
import type { Mutant } from './mutants/mutant.ts'
import { mutants, mutated } from './mutants/mutants.ts'

const treesAtOnce = 2
const mutantLimitMs = 120_000
const fileLimitMs = 600_000
const reasonLength = 120

/** What a run of one test file showed. */
type Shown = {
  passed: Set<string>
  failed: { sentence: string; reason: string }[]
  /** Why the file as a whole failed, where it did: it does not load, or it never ends. */
  broken: string | undefined
}

/**
 * A copy of the working tree in which a mutant does no harm. Packages of the workspace are those of the copy; all others are
 * shared.
 */
function copyTree(): string {
  const tree = mkdtempSync(join(tmpdir(), 'lango-mutants-'))
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root })
  for (const file of listed.toString().split('\0').filter(Boolean)) {
    if (existsSync(join(root, file))) cpSync(join(root, file), join(tree, file), { verbatimSymlinks: true })
  }
  const modules = join(root, 'node_modules')
  mkdirSync(join(tree, 'node_modules'))
  for (const entry of readdirSync(modules, { withFileTypes: true })) {
    const [from, to] = [join(modules, entry.name), join(tree, 'node_modules', entry.name)]
    if (entry.isSymbolicLink() || entry.name === '@lango') cpSync(from, to, { recursive: true, verbatimSymlinks: true })
    else symlinkSync(from, to)
  }
  return tree
}

/** Runs these tests of one file of a tree. Ends at the first failure: one is enough. */
async function runTests(tree: string, file: string, sentences: string[], limitMs: number): Promise<Shown> {
  const enough = new AbortController()
  const limit = AbortSignal.timeout(limitMs)
  const shown: Shown = { passed: new Set(), failed: [], broken: undefined }
  const events = run({
    cwd: tree,
    files: [join(tree, file)],
    testNamePatterns: sentences.map((sentence) => new RegExp(`^${RegExp.escape(sentence)}$`)),
    signal: AbortSignal.any([enough.signal, limit]),
  })
  for await (const { type, data } of events as AsyncIterable<{ type: string; data: any }>) {
    if (type === 'test:pass') shown.passed.add(data.name)
    if (type !== 'test:fail' || enough.signal.aborted) continue
    const error = data.details.error
    const reason = String(error.cause?.message ?? error.message)
      .replace(/^Expected values to be strictly (deep-)?equal:/, '')
      .replace('+ actual - expected', '')
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, reasonLength)
    if (limit.aborted) shown.broken = 'time-out'
    else if (sentences.includes(data.name)) shown.failed.push({ sentence: data.name, reason })
    else shown.broken = reason
    enough.abort()
  }
  return shown
}

/** Says what is wrong with a test file in the program as it is: then it shows nothing about mutants. */
async function checkFile(tree: string, file: string): Promise<string[]> {
  const sentences = [...new Set(mutants.filter(({ test }) => test === file).map(({ by }) => by))]
  const { passed, failed, broken } = await runTests(tree, file, sentences, fileLimitMs)
  const bad = failed.map(({ sentence, reason }) => `"${sentence}" fails without a mutant: ${reason}`)
  const missing = sentences.filter((sentence) => !passed.has(sentence)).map((sentence) => `"${sentence}" did not pass.`)
  return [...(broken ? [broken] : []), ...(bad.length > 0 ? bad : missing)].map((problem) => `${file}: ${problem}`)
}

/** Puts a mutant into a tree, asks its test, and takes it out again. */
async function tryMutant(tree: string, mutant: Mutant): Promise<{ isKilled: boolean; end: string }> {
  const { file, find, test, by } = mutant
  const path = join(tree, file)
  const text = readFileSync(path, 'utf8')
  const faulty = mutated(text, mutant)
  if (faulty === undefined) return { isKilled: false, end: `BROKEN: ${file} does not have this once: ${find}` }
  writeFileSync(path, faulty)
  const { failed, broken } = await runTests(tree, test, [by], mutantLimitMs)
  writeFileSync(path, text)
  if (broken === 'time-out') return { isKilled: true, end: `killed by time-out in "${by}"` }
  if (broken) return { isKilled: false, end: `BROKEN: ${test} does not run: ${broken}` }
  if (!failed[0]) return { isKilled: false, end: 'SURVIVED' }
  return { isKilled: true, end: `killed by "${failed[0].sentence}" (${failed[0].reason})` }
}

/** Shares work out among the trees. */
async function amongTrees<Item>(trees: string[], items: Item[], work: (tree: string, item: Item) => Promise<void>) {
  const waiting = items.values()
  await Promise.all(
    trees.map(async (tree) => {
      for (const item of waiting) await work(tree, item)
    }),
  )
}

const trees = Array.from({ length: treesAtOnce }, copyTree)
const cluster = await startTestCluster()
shareCluster(cluster.url)
let killed = 0
let failed = 0
try {
  const problems: string[] = []
  const files = [...new Set(mutants.map(({ test }) => test))]
  await amongTrees(trees, files, async (tree, file) => void problems.push(...(await checkFile(tree, file))))
  for (const problem of problems) console.log(problem)
  failed += problems.length
  if (problems.length === 0) {
    await amongTrees(trees, mutants, async (tree, mutant) => {
      const { isKilled, end } = await tryMutant(tree, mutant)
      if (isKilled) killed += 1
      else failed += 1
      console.log(`${mutant.rule}: ${mutant.fault} — ${end}`)
    })
  }
} finally {
  await cluster.stop()
  for (const tree of trees) rmSync(tree, { recursive: true, force: true })
}
console.log(`${killed} passed, ${failed} failed`)
process.exitCode = killed === mutants.length ? 0 : 1
