import { execFileSync } from 'node:child_process'
import { readFileSync, readlinkSync } from 'node:fs'

/** One process for ever: ids alone are used again, in containers very soon. */
export type ProcessName = { pid: number; started: string | undefined }

export function thisProcess(): ProcessName {
  return { pid: process.pid, started: startIdentity(process.pid) }
}

/** Whether the process that had this name still runs, on this machine. */
export function isSameProcess({ pid, started }: ProcessName): boolean {
  return isRunning(pid) && startIdentity(pid) === started
}

/** Whether a process with this id exists, whoever owns it. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** The folder that a process works in; undefined when there is no such process, or when it is another user's. */
export function workingDirectory(pid: number): string | undefined {
  if (process.platform !== 'linux') return ask('lsof', ['-a', '-d', 'cwd', '-Fn', '-p', String(pid)])?.split('\nn')[1]
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return undefined
  }
}

/** The moment a process began, in a form that only means something compared with itself; undefined when it has ended. */
function startIdentity(pid: number): string | undefined {
  if (process.platform !== 'linux') return ask('ps', ['-o', 'lstart=', '-p', String(pid)])
  const stat = readProc(`/proc/${pid}/stat`)
  if (!stat) return undefined
  // The second field is the program's name in brackets, which may itself hold spaces and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state, startTicks] = [fields[0], fields[19]]
  // In a container nobody may be there to bury the dead.
  if (state === 'Z') return undefined
  return `${readProc('/proc/sys/kernel/random/boot_id')?.trim()} ${startTicks}`
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function ask(program: string, args: string[]): string | undefined {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return undefined
  }
}
