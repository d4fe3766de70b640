import type { LookupAddress } from 'node:dns'
import { readFile, stat } from 'node:fs/promises'
import { isIP } from 'node:net'

/** The names that the machine itself gives to addresses, beside those of the name servers. */
export type HostsFile = { find(name: string): Promise<LookupAddress[]> }

/** Reads `/etc/hosts` or the like, and again whenever it has changed. What cannot be read names nothing. */
export function createHostsFile(path: string = pathOfTheMachine()): HostsFile {
  let version = ''
  let names = new Map<string, LookupAddress[]>()
  return {
    async find(name) {
      const { mtimeMs, size } = await stat(path).catch(() => ({ mtimeMs: 0, size: 0 }))
      if (version !== `${mtimeMs} ${size}`) {
        names = readHosts(await readFile(path, 'utf8').catch(() => ''))
        version = `${mtimeMs} ${size}`
      }
      return names.get(name) ?? []
    },
  }
}

/** The names in the text of a hosts file: on each line an address, and the names that it has. */
export function readHosts(text: string): Map<string, LookupAddress[]> {
  const names = new Map<string, LookupAddress[]>()
  for (const line of text.split('\n')) {
    const [address = '', ...own] = line.replace(/#.*/, '').trim().split(/\s+/)
    const family = isIP(address)
    if (family === 0) continue
    for (const name of own.map((each) => each.toLowerCase())) {
      const before = names.get(name) ?? []
      names.set(name, [...before, { address, family }])
    }
  }
  return names
}

function pathOfTheMachine(): string {
  return process.platform === 'win32'
    ? `${process.env['SystemRoot'] ?? 'C:\\Windows'}\\System32\\drivers\\etc\\hosts`
    : '/etc/hosts'
}
