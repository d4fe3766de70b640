import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { isObject } from './is-object.ts'
import type { Memory } from './memory.ts'

export type StateFile = {
  /** Writes soon; many changes in a row are one write, and tried again with the next where it failed. */
  changed(): void
  /** Writes what is not yet written. What cannot be written, on a full disk for example, ends nothing: a warning says so. */
  flush(): void
}

const version = 1
const delayMs = 250

/** Fills the memory from a file, if there is one, and keeps the file as the memory. Throws if it is no such file. */
export function keepInFile(memory: Memory, path: string): StateFile {
  if (existsSync(path)) memory.load(read(path))
  let timer: NodeJS.Timeout | undefined
  let isWritten = true
  let isWarned = false
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    if (isWritten) return
    try {
      mkdirSync(dirname(path), { recursive: true })
      // A crash while writing leaves the file as it was.
      writeFileSync(`${path}.new`, JSON.stringify({ version, memory: memory.save() }))
      renameSync(`${path}.new`, path)
      isWritten = true
      isWarned = false
    } catch (error) {
      if (!isWarned)
        process.emitWarning(`The simulator cannot write ${path}, and tries again: ${(error as Error).message}.`)
      isWarned = true
    }
  }
  return {
    changed() {
      isWritten = false
      // The disk goes by the machine's time: a clock that stands still must not hold it up.
      timer ??= setTimeout(flush, delayMs).unref()
    },
    flush,
  }
}

function read(path: string): Parameters<Memory['load']>[0] {
  const refusal = new Error(`${path} is no state of this simulator. Move it away, or name another file.`)
  try {
    const state: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (isObject(state) && state.version === version && isObject(state.memory)) {
      return state.memory as Parameters<Memory['load']>[0]
    }
  } catch (error) {
    refusal.cause = error
  }
  throw refusal
}
