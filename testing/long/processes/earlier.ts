import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../tidy.ts'

/** Until there is a release with a tag, the one before this is the last state whose newest migration is this. */
const lastMigration = '0037'
const migrations = 'server/database/migrations'

/** The commit of the release before this: the newest tag, or what stands for it. */
export function earlierRelease(): string {
  const tag = spawnSync('git', ['describe', '--tags', '--abbrev=0', 'HEAD'], { cwd: root, encoding: 'utf8' })
  if (tag.status === 0) return tag.stdout.trim()
  const added = git(['log', '--diff-filter=A', '--name-only', '--format=commit %H', '--', migrations])
  const later = added.split('commit ').filter((one) => numbersIn(one).some((number) => number > lastMigration))
  return `${later.at(-1)!.slice(0, 40)}~1`
}

const numbersIn = (text: string) => [...text.matchAll(/migrations\/(\d{4})_/g)].map(([, number]) => number!)

/** Unpacks a commit of this repository into a folder, with the packages that are installed here, and answers its `lango`. */
export function unpack(commit: string, folder: string): string {
  mkdirSync(join(folder, 'node_modules'), { recursive: true })
  execFileSync('sh', ['-c', 'git archive "$1" | tar -x -C "$2"', 'sh', commit, folder], { cwd: root })
  // Those of the workspace are its own.
  const installed = readdirSync(join(root, 'node_modules')).filter(
    (name) => !['lango', '@lango', '.cache'].includes(name),
  )
  const link = (from: string, to: string) => symlinkSync(from, join(folder, 'node_modules', to))
  for (const name of installed) link(join(root, 'node_modules', name), name)
  link(join(folder, 'cli'), 'lango')
  mkdirSync(join(folder, 'node_modules', '@lango'))
  for (const name of ['daraja', 'pesaflow', 'simulator', 'client', 'server']) link(join(folder, name), `@lango/${name}`)
  return join(folder, 'cli/lango.mjs')
}

function git(argv: string[]): string {
  return execFileSync('git', argv, { cwd: root, encoding: 'utf8' })
}
