import { execFileSync, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import type { Readable } from 'node:stream'

/** Both ends of a serial line that is none: a path for who reads a scale, and what a scale hears and says. */
export type PseudoTerminal = {
  path: string
  hear(listener: (text: string) => void): void
  write(text: string): void
  /** Pulls the plug. */
  close(): void
}

export type Program = 'socat' | 'script'

/** Which program of this machine makes pseudo-terminals: `socat`, or the `script` of util-linux; `undefined` where there is neither. */
export function pseudoTerminalProgram(): Program | undefined {
  return isThere('socat') ? 'socat' : isThere('script') ? 'script' : undefined
}

/** Whether this machine has a program that makes them. */
export function isThere(program: Program): boolean {
  return program === 'socat' ? runs('socat', '-V') : process.platform === 'linux' && runs('script', '--version')
}

/** Makes one. A process holds it, which ends with this one. */
export async function openPseudoTerminal(program = pseudoTerminalProgram()): Promise<PseudoTerminal> {
  if (!program) throw new Error('A pseudo-terminal needs `socat`, or the `script` of util-linux.')
  const child = program === 'socat' ? spawn('socat', socat) : spawn('script', script)
  const path = await pathIn(child, program === 'socat' ? child.stderr : child.stdout)
  const close = () => void child.kill('SIGKILL')
  process.once('exit', close)
  return {
    path,
    hear: (listener) => void child.stdout.on('data', (bytes: Buffer) => listener(bytes.toString('latin1'))),
    write: (text) => void child.stdin.write(text, 'latin1'),
    close() {
      process.removeListener('exit', close)
      close()
    },
  }
}

const socat = ['-d', '-d', 'STDIO', 'PTY,raw,echo=0']
const script = ['-qfc', 'stty raw -echo; tty; exec sleep 86400', '/dev/null']

/** The path of the terminal, as soon as the program has named it. */
function pathIn(child: ChildProcess, stream: Readable): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    const read = (bytes: Buffer) => {
      said += bytes.toString()
      const [, path] = /(\/dev\/\S+)\s/.exec(said) ?? []
      if (!path) return
      stream.removeListener('data', read)
      stream.resume()
      resolve(path)
    }
    stream.on('data', read)
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`No pseudo-terminal could be made: ${said}`)))
  })
}

function runs(program: string, option: string): boolean {
  try {
    execFileSync(program, [option], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
