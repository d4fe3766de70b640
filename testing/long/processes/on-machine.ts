import { spawnSync } from 'node:child_process'

/** What a long test ends with that this machine cannot run. */
export const skippedCode = 77

/** Ends this process, and says so, where the machine has no such program. `from` names the package of Debian that brings it. */
export function requireOnMachine(program: string, from: string): void {
  if (spawnSync('sh', ['-c', 'command -v "$0"', program]).status === 0) return
  console.log(`Skipped: this machine has no ${program}. On Debian: apt-get install ${from}`)
  process.exit(skippedCode)
}
