import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { extname } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { Problem } from '../../../problem.ts'
import type { ProviderRecord } from '../../record.ts'
import type { RecordTable, SentFile, StatementOptions, StatementReading } from '../../statement.ts'
import type { Asked, Given, Told } from './child.ts'
import { createTurns } from './turns.ts'

const readingsAtOnce = 2
const openMsMax = 60_000
/** To receive a large file is work, too, which no other process takes over. */
const restMsPerMegabyte = 50
/** A hundred thousand lines of an XLSX take some 350 MB while they are read, and of a CSV half of that. */
const heapMegabytesMax = 512

// The file of the process has the ending of this one: it is TypeScript here, and JavaScript in the package.
const program = new URL(`./child${extname(import.meta.url)}`, import.meta.url)

/**
 * Opens statements, each in a process of its own, bounded in time and memory, so that no file holds up or ends anything else; two at
 * once, and one of each merchant.
 */
export function createStatementReader(
  heapMegabytes = heapMegabytesMax,
): (file: SentFile, options: StatementOptions) => Promise<StatementReading> {
  const turns = createTurns(readingsAtOnce)
  return async (file, options) => {
    const megabytes = file.content.length / 2 ** 20
    const endTurn = await turns.take(options.merchant_id, megabytes * restMsPerMegabyte)
    try {
      return await open({ file, options }, heapMegabytes, endTurn)
    } catch (error) {
      endTurn()
      throw error
    }
  }
}

async function open(given: Given, heapMegabytes: number, endTurn: () => void): Promise<StatementReading> {
  const child = start(heapMegabytes)
  const close = () => {
    endTurn()
    child.kill('SIGKILL')
  }
  const { askRecords, askTable } = asking(child)
  try {
    const answer = answerOf(child, openMsMax)
    send(child, given)
    const opened = await answer
    if (opened.is !== 'opened') throw problemOf(opened)
    const { content, name, sha256 } = opened.file
    return {
      statement: opened.statement,
      file: {
        content:
          'offset' in content
            ? bufferOf(given.file.content).subarray(content.offset, content.offset + content.length)
            : bufferOf(content),
        name,
        sha256: bufferOf(sha256),
      },
      page: (offset, size) => askRecords({ offset, size }),
      at: (places) => askRecords({ places }),
      table: (offset, size) => askTable({ offset, size }),
      close,
    }
  } catch (error) {
    close()
    throw error
  }
}

/** It is given nothing of what the node knows. V8 writes a report when it has no memory left: nobody reads it. */
function start(heapMegabytes: number): ChildProcess {
  const child = fork(program, {
    env: {},
    execArgv: [`--max-old-space-size=${heapMegabytes}`, '--max-semi-space-size=16'],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  // Of its end is heard where an answer is awaited; at other times it must not end the node.
  child.on('error', () => {})
  // Nor keep it: whoever asks waits with the node, and nobody need close what a dying node has open.
  child.unref()
  child.channel!.unref()
  return child
}

function send(child: ChildProcess, said: Given | Asked): void {
  // That it has ended is heard where its answer is awaited.
  child.send(said, () => {})
}

type Which = { offset: number; size: number } | { places: number[] }

/** Asks one thing after another, however many ask at once. */
function asking(child: ChildProcess) {
  let before: Promise<unknown> = Promise.resolve()
  const ask = (asked: Asked): Promise<Told> => {
    const answered = before.then(() => {
      const answer = answerOf(child, openMsMax)
      send(child, asked)
      return answer
    })
    before = answered.catch(() => {})
    return answered
  }
  return {
    async askRecords(which: Which): Promise<ProviderRecord[]> {
      const told = await ask({ as: 'records', ...which })
      if (told.is !== 'records') throw problemOf(told)
      return told.records
    },
    async askTable(which: Which): Promise<RecordTable> {
      const told = await ask({ as: 'table', ...which })
      if (told.is !== 'table') throw problemOf(told)
      const columns = told.columns.map(([name, bytes]) => [name, bufferOf(bytes)])
      return { count: told.count, columns: Object.fromEntries(columns) as RecordTable['columns'] }
    },
  }
}

/** The same bytes: nothing is copied. */
function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}

/** The next that is told. @throws a Problem when it takes too long, or more memory than it may have, which ends the process. */
async function answerOf(child: ChildProcess, ms: number): Promise<Told> {
  if (child.exitCode !== null || child.signalCode !== null) throw tooLarge()
  const heard = new AbortController()
  const { signal } = heard
  try {
    return await Promise.race([
      once(child, 'message', { signal }).then(([told]) => told as Told),
      once(child, 'exit', { signal }).then(() => Promise.reject(tooLarge())),
      setTimeout(ms, undefined, { signal }).then(() => Promise.reject(tooLarge())),
    ])
  } finally {
    heard.abort()
  }
}

function tooLarge(): Problem {
  return new Problem(
    'body_too_large',
    'The statement takes more time or memory to read than it may. Export a shorter period.',
    'file',
  )
}

function problemOf(told: Told): unknown {
  if (told.is === 'failure') return told.error
  if (told.is !== 'problem') return new Error(`The process that reads a statement told of ${told.is}.`)
  return new Problem(told.code, told.message, told.param)
}
