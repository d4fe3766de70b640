import { once } from 'node:events'
import { extname } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { Problem } from '../../../problem.ts'
import type { ProviderRecord } from '../../record.ts'
import type { RecordTable, SentFile, StatementOptions, StatementReading } from '../../statement.ts'
import type { Asked, Given, Told } from './thread.ts'
import { createTurns } from './turns.ts'

const readingsAtOnce = 2
const openMsMax = 60_000
/** To receive a large file is work, too, which no thread takes over. */
const restMsPerMegabyte = 50
/** A hundred thousand lines of an XLSX take some 350 MB while they are read, and of a CSV half of that. */
const resourceLimits = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 32 }

// The thread's own file has the ending of this one: it is TypeScript here, and JavaScript in the package.
const thread = new URL(`./thread${extname(import.meta.url)}`, import.meta.url)

/**
 * Opens statements, each in a thread of its own, bounded in time and memory, so that no file holds up anything else; two at once,
 * and one of each merchant.
 */
export function createStatementReader(): (file: SentFile, options: StatementOptions) => Promise<StatementReading> {
  const turns = createTurns(readingsAtOnce)
  return async (file, options) => {
    const megabytes = file.content.length / 2 ** 20
    const endTurn = await turns.take(options.merchant_id, megabytes * restMsPerMegabyte)
    try {
      return await open(file, options, endTurn)
    } catch (error) {
      endTurn()
      throw error
    }
  }
}

async function open(file: SentFile, options: StatementOptions, endTurn: () => void): Promise<StatementReading> {
  // A copy, which can be handed over: the thread takes its memory along. `from` would copy it byte by byte, and hold everybody up.
  const content = new Uint8Array(file.content)
  const given: Given = { file: { ...file, content }, options }
  const worker = new Worker(thread, { workerData: given, transferList: [content.buffer], resourceLimits })
  // Of its end is heard where an answer is awaited; at other times it must not end the process.
  worker.on('error', () => {})
  // Nor keep it: whoever asks waits with the process, and nobody need close what a dying node has open.
  worker.unref()
  const close = () => {
    endTurn()
    void worker.terminate()
  }
  const { askRecords, askTable } = asking(worker)
  try {
    const opened = await answerOf(worker, openMsMax)
    if (opened.is !== 'opened') throw problemOf(opened)
    const { content, name, sha256 } = opened.file
    return {
      statement: opened.statement,
      file: { content: bufferOf(content), name, sha256: bufferOf(sha256) },
      page: (offset, size) => askRecords({ offset, size }),
      at: (places) => askRecords({ places }),
      table: (offset, size) => askTable({ offset, size }),
      tableAt: (places) => askTable({ places }),
      close,
    }
  } catch (error) {
    close()
    throw error
  }
}

type Which = { offset: number; size: number } | { places: number[] }

/** Asks a thread one thing after another, however many ask it at once. */
function asking(worker: Worker) {
  let before: Promise<unknown> = Promise.resolve()
  const ask = (asked: Asked): Promise<Told> => {
    const answered = before.then(() => {
      const answer = answerOf(worker, openMsMax)
      worker.postMessage(asked)
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

/** The next that a thread tells. @throws a Problem when it takes too long, or more memory than it may have. */
async function answerOf(worker: Worker, ms: number): Promise<Told> {
  const heard = new AbortController()
  const { signal } = heard
  try {
    return await Promise.race([
      once(worker, 'message', { signal }).then(([told]) => told as Told),
      once(worker, 'exit', { signal }).then(() =>
        Promise.reject(new Error('The thread that reads a statement ended.')),
      ),
      setTimeout(ms, undefined, { signal }).then(() => Promise.reject(tooLarge())),
    ])
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooLarge() : error
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

function problemOf(told: Told): Error {
  if (told.is !== 'problem') return new Error(`The thread that reads a statement told of ${told.is}.`)
  return new Problem(told.code, told.message, told.param)
}
