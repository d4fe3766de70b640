import { Hono } from 'hono'
import { againLater, dropCallback } from './callbacks.ts'
import { systemClock } from './clock.ts'
import type { Clock } from './clock.ts'
import { control } from './control.ts'
import { answerDaraja } from './daraja/gateway.ts'
import { reverseAtPortal } from './daraja/reverse-payment.ts'
import { resumeStkPayments } from './daraja/stk-payment.ts'
import { expectations } from './expectations.ts'
import type { Expectations } from './expectations.ts'
import { presentFaults } from './faults.ts'
import type { FaultRule } from './faults.ts'
import { pickUp } from './handset.ts'
import type { Handset } from './handset.ts'
import { createIds } from './ids.ts'
import { balances, ledgerEntries } from './ledger.ts'
import type { LedgerEntry } from './ledger.ts'
import { presentLog } from './log.ts'
import type { Shown } from './log.ts'
import { createMemory } from './memory.ts'
import { allOrganisations, setOrganisation } from './organisation.ts'
import type { Organisation } from './organisation.ts'
import type { Stage } from './pages/live.ts'
import { pages } from './pages/pages.ts'
import { allBills, findBill } from './pesaflow/bill.ts'
import type { Bill } from './pesaflow/bill.ts'
import { billRoutes } from './pesaflow/bill-routes.ts'
import { resumeBillPrompts } from './pesaflow/ask-payer.ts'
import { allClients, setClient } from './pesaflow/client.ts'
import type { PesaflowClient } from './pesaflow/client.ts'
import { answerPesaflow, pesaflowApis } from './pesaflow/gateway.ts'
import { allPhones, seedPhones, setPhone } from './phone.ts'
import type { Prompt } from './prompt.ts'
import { openPrompts } from './prompts.ts'
import { createRandom } from './random.ts'
import { setFaults } from './set-faults.ts'
import { changeSettings, initialSettings } from './settings.ts'
import type { Settings } from './settings.ts'
import { keepInFile } from './state-file.ts'
import { statementText } from './statement/file.ts'
import type { StatementFileOptions } from './statement/file.ts'
import { createWork } from './work.ts'
import type { Change, World } from './world.ts'

export type SimulatorOptions = {
  /** Defaults to the machine's time. A `manualClock()` moves only when told. */
  clock?: Clock
  /** Makes ids, receipts and faults the same in every run. Without it they never repeat. */
  seed?: string | number
  /** How callbacks leave; defaults to the global `fetch`. A whole payment can run in one process. */
  fetch?: typeof fetch
  /** Refuses what Safaricom's sandbox would refuse, instead of warning. */
  strict?: boolean
  /** How long phones that answer by themselves take; none by default. */
  answerAfterMs?: number
  /** How long a prompt stays on a phone: 60 s by default, 26 s when strict. */
  promptLifeMs?: number
  /** A file to keep phones, ledger and the rest in: read at the start, written on every change. */
  data?: string
  /** Any other switch. */
  settings?: Partial<Settings>
}

export type Simulator = Expectations & {
  /** Answers as Daraja, as Pesaflow, as the control API under `/_`, and as the pages. A path alone will do for an address. */
  fetch(input: Request | string | URL, init?: RequestInit): Promise<Response>
  phones: {
    /** The phone of a number in any spelling, made when first asked for. */
    get(msisdn: string): Handset
    set(msisdn: string, changes: Partial<Pick<Handset, 'name' | 'balance' | 'pin' | 'auto' | 'offline'>>): Handset
    all(): Handset[]
  }
  organisations: {
    set(shortcode: string, changes: Partial<Omit<Organisation, 'shortcode'>>): Organisation
    all(): Organisation[]
  }
  /** What Pesaflow knows: who collects through it, and the bills that they brought. */
  pesaflow: {
    client(id: string, changes?: Partial<Omit<PesaflowClient, 'api_client_id'>>): PesaflowClient
    clients(): PesaflowClient[]
    /** By Pesaflow's own number. */
    bill(invoiceNumber: string): Bill | undefined
    bills(): Bill[]
  }
  /** The prompts that are on phones now, oldest first. */
  prompts(): Prompt[]
  /** The truth about the money. */
  ledger: { readonly entries: LedgerEntry[]; balances(): Record<string, Organisation['accounts']> }
  /** An organisation's statement, as the M-PESA portal exports it in CSV. */
  statement(options?: StatementFileOptions): string
  /** Gives a payment back, or part of it, as an operator does at the M-PESA portal: nobody is told but the payer. */
  reverse(receipt: string, amount?: number): LedgerEntry
  faults: {
    set(plan: { seed?: string | number; rules: FaultRule[] }): void
    get(): { seed?: string | number; rules: FaultRule[] }
  }
  settings: { set(changes: Partial<Settings>): void; get(): Settings }
  /** What came in and what went out, oldest first. */
  log(): Shown[]
  /** Posts a logged callback once more. */
  resend(logId: string): Promise<void>
  sendLate(logId: string, delayMs: number): Promise<void>
  /** Drops a callback that still waits. */
  drop(logId: string): void
  /** Resolves when no request is in hand, no callback under way and nothing is due now. */
  settled(): Promise<void>
  /** Calls the listener on every change, until the returned function is called. */
  subscribe(listener: (what: Change) => void): () => void
  /** Forgets everything, as if just started. Without a seed, ids go on and never repeat. */
  reset(): void
  /** Cancels every timer and writes the state file. */
  close(): void
}

/** Makes a Daraja and a Pesaflow with phones. Nothing is opened or started: `fetch` is the whole of it. */
export function createSimulator(options: SimulatorOptions = {}): Simulator {
  const { seed } = options
  const listeners = new Set<(what: Change) => void>()
  const startSettings = settingsOf(options)
  const world = createWorld(options, startSettings, (what) => listeners.forEach((listener) => listener(what)))
  const file = options.data === undefined ? undefined : keepInFile(world.memory, options.data)
  if (allPhones(world).length === 0) seedPhones(world)
  else resume(world, seed)
  if (file !== undefined) listeners.add(file.changed)

  const reset = () => forget(world, seed, startSettings)
  const subscribe: Simulator['subscribe'] = (listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  const app = createApp({ world, subscribe, reset })

  return {
    fetch: (input, init) => untilAborted(requestOf(input, init), (request) => Promise.resolve(app.fetch(request))),
    ...peopleAndMoney(world),
    ...expectations(world),
    ...switchesAndLog(world),
    settled: () => world.work.settled(),
    subscribe,
    reset,
    close() {
      world.work.cancelAll()
      listeners.clear()
      file?.flush()
    },
  }
}

function createWorld(options: SimulatorOptions, settings: Settings, changed: World['changed']): World {
  const { clock = systemClock, seed, fetch: send = (...args) => globalThis.fetch(...args) } = options
  return {
    clock,
    ...chance(clock, seed),
    fetch: send,
    work: createWork(clock),
    settings: { ...settings },
    memory: createMemory(),
    prompts: new Map(),
    faults: { seed: seed ?? null, rules: [], draws: new Map(), chance: createRandom() },
    log: { entries: [], nextNumber: 1 },
    held: new Map(),
    changed,
  }
}

/** Makes the world as it was at the start. */
function forget(world: World, seed: string | number | undefined, startSettings: Settings): void {
  world.work.cancelAll()
  world.prompts.clear()
  world.held.clear()
  world.memory.clear()
  Object.assign(world.settings, startSettings)
  Object.assign(world.faults, { seed: seed ?? null, rules: [], draws: new Map() })
  Object.assign(world.log, { entries: [], nextNumber: 1 })
  if (seed !== undefined) Object.assign(world, chance(world.clock, seed))
  seedPhones(world)
  world.changed('reset')
}

/** Everything that answers: the control API, the pages, Pesaflow, and Daraja for the rest. */
function createApp({ world, subscribe, reset }: Stage): Hono {
  const app = new Hono()
  app.route('/_', control(world, reset))
  app.route('/', pages({ world, subscribe, reset }))
  app.route('/', billRoutes({ world, subscribe }))
  for (const { path } of pesaflowApis) app.all(path, (c) => answerPesaflow(world, c.req.raw))
  app.all('*', (c) => answerDaraja(world, c.req.raw))
  // A broken connection has no answer to be turned into: whoever called `fetch` sees it break.
  app.onError((error) => {
    throw error
  })
  return app
}

const peopleAndMoney = (world: World) =>
  ({
    phones: {
      get: (msisdn) => pickUp(world, msisdn),
      set: (msisdn, changes) => pickUp(world, setPhone(world, msisdn, changes).msisdn),
      all: () => allPhones(world).map(({ msisdn }) => pickUp(world, msisdn)),
    },
    organisations: {
      set: (shortcode, changes) => setOrganisation(world, shortcode, changes),
      all: () => allOrganisations(world),
    },
    pesaflow: {
      client: (id, changes = {}) => setClient(world, id, changes),
      clients: () => allClients(world),
      bill: (invoiceNumber) => findBill(world, invoiceNumber),
      bills: () => allBills(world),
    },
    prompts: () => openPrompts(world),
    ledger: {
      get entries() {
        return ledgerEntries(world)
      },
      balances: () => balances(world),
    },
    statement: (of) => statementText(world, of),
    reverse: (receipt, amount) => reverseAtPortal(world, { receipt, amount }),
  }) satisfies Partial<Simulator>

const switchesAndLog = (world: World) =>
  ({
    faults: { set: (plan) => setFaults(world, plan), get: () => presentFaults(world.faults) },
    settings: {
      set(changes) {
        changeSettings(world.settings, changes)
        world.changed('settings')
      },
      get: () => ({ ...world.settings }),
    },
    log: () => presentLog(world.log),
    resend: (logId) => againLater(world, logId, 0),
    sendLate: (logId, delayMs) => againLater(world, logId, delayMs),
    drop: (logId) => dropCallback(world, logId),
  }) satisfies Partial<Simulator>

function settingsOf({ strict = false, answerAfterMs, promptLifeMs, settings }: SimulatorOptions): Settings {
  const start = initialSettings(strict)
  changeSettings(start, {
    ...(answerAfterMs !== undefined && { answer_after_ms: answerAfterMs }),
    ...(promptLifeMs !== undefined && { prompt_life_ms: promptLifeMs }),
    ...settings,
  })
  return start
}

/** Goes on where a state file stopped. The seed is stirred, or the same ids would come again. */
function resume(world: World, seed: string | number | undefined): void {
  const newest = Object.values(world.memory.save()).map((entries) => [entries.length, entries.at(-1)?.[0]].join(' '))
  const remembered = [world.memory.journal.size, ...newest].join(' ')
  if (seed !== undefined) Object.assign(world, chance(world.clock, `${seed} ${remembered}`))
  resumeStkPayments(world)
  resumeBillPrompts(world)
}

function chance(clock: Clock, seed: string | number | undefined) {
  const random = createRandom(seed)
  return { random, ids: createIds(clock, random) }
}

const requestOf = (input: Request | string | URL, init?: RequestInit): Request =>
  new Request(typeof input === 'string' && input.startsWith('/') ? `http://simulator.test${input}` : input, init)

/** Rejects as soon as the caller gives up, as `fetch` does. */
function untilAborted(request: Request, answer: (request: Request) => Promise<Response>): Promise<Response> {
  const { signal } = request
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(signal.reason as Error)
    if (signal.aborted) return giveUp()
    signal.addEventListener('abort', giveUp, { once: true })
    answer(request)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', giveUp))
  })
}
