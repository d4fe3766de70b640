import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** What a program said, and how it ended. */
export type Ended = { code: number | null; output: string }

/** A program at work. */
export type Running = {
  ended: Promise<Ended>
  /** Waits until it has said something like this. */
  says(pattern: RegExp): Promise<RegExpExecArray>
  /** Interrupts it, and what it started, as Ctrl-C does. */
  stop(): Promise<Ended>
}

/** A project of somebody else: a folder with a package.json, and what plain npm installed into it. */
export type Project = {
  folder: string
  write(file: string, text: string): string
  /** Runs `node`, `npm`, `npx` or a program of node_modules/.bin, under the project's Node, until it ends. */
  run(program: string, ...argv: string[]): Promise<Ended>
  /** Starts a program that goes on. */
  start(program: string, argv: string[], environment?: NodeJS.ProcessEnv): Running
  remove(): void
}

const patienceMs = 120_000
const lookAgainMs = 50

/** A project with these packages, each a name with a version or a file. `node` is the folder of the Node that runs everything in it. */
export async function createProject(packages: string[], node = dirname(process.execPath)): Promise<Project> {
  const folder = mkdtempSync(join(tmpdir(), 'lango-project-'))
  // It is nobody's test that runs there.
  const { NODE_TEST_CONTEXT: _, ...here } = process.env
  const PATH = [node, join(folder, 'node_modules', '.bin'), process.env['PATH']].join(delimiter)
  const project: Project = {
    folder,
    write(file, text) {
      mkdirSync(dirname(join(folder, file)), { recursive: true })
      writeFileSync(join(folder, file), text)
      return join(folder, file)
    },
    run: (program, ...argv) => project.start(program, argv).ended,
    start: (program, argv, environment = {}) =>
      launch(program, argv, { folder, env: { ...here, PATH, ...environment } }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
  // Newer npm runs the install script of no package that is not named here.
  project.write(
    'package.json',
    JSON.stringify({ private: true, type: 'module', allowScripts: { node: true, bun: true, deno: true } }),
  )
  const { code, output } = await project.run(
    'npm',
    'install',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    ...packages,
  )
  if (code !== 0) throw new Error(`npm install ${packages.join(' ')} ended with ${code}:\n${output}`)
  return project
}

function launch(program: string, argv: string[], { folder, env }: { folder: string; env: NodeJS.ProcessEnv }): Running {
  // A group of its own, so that an interruption reaches what npx started, too.
  const child = spawn(program, argv, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, output }))
  return {
    ended,
    async says(pattern) {
      for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += lookAgainMs) {
        const found = pattern.exec(output)
        if (found) return found
        if (child.exitCode !== null) break
        await pause(lookAgainMs)
      }
      throw new Error(`${program} ${argv.join(' ')} never said ${pattern}, but:\n${output}`)
    },
    stop() {
      if (child.exitCode === null) process.kill(-child.pid!, 'SIGINT')
      return ended
    },
  }
}
