import { spawnSync } from 'node:child_process'

/** What a long test ends with that this machine cannot run. */
export const skippedCode = 77

/** Ends this process, and says so, where the machine has no such program. `from` names the package of Debian that brings it. */
export function requireOnMachine(program: string, from: string): void {
  if (spawnSync('sh', ['-c', 'command -v "$0"', program]).status === 0) return
  console.log(`Skipped: this machine has no ${program}. On Debian: apt-get install ${from}`)
  process.exit(skippedCode)
}

/** The same where the program is older than a version that mended what the test would meet. */
export function requireVersion(program: string, least: string, mended: string): void {
  const version = /\d+(\.\d+)*/.exec(spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout)?.[0] ?? '0'
  if (version.localeCompare(least, 'en', { numeric: true }) >= 0) return
  console.log(`Skipped: this machine has ${program} ${version}. From ${least} on, ${mended}`)
  process.exit(skippedCode)
}
