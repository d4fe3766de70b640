import type { Loaded } from './load.ts'
import type { Spent } from './served.ts'

/** One line of a result; what was not measured is left out. */
export type Row = {
  name: string
  /** Of the simulator, where it stands for the provider. */ providerUs?: number
} & Partial<Loaded & Spent>

const columns = [
  ['per second', ({ perSecond }: Row) => perSecond, 0],
  ['p50 ms', ({ p50Ms }: Row) => p50Ms, 1],
  ['p99 ms', ({ p99Ms }: Row) => p99Ms, 1],
  ['server µs', ({ serverUs }: Row) => serverUs, 0],
  ['postgres µs', ({ postgresUs }: Row) => postgresUs, 0],
  ['provider µs', ({ providerUs }: Row) => providerUs, 0],
  ['generator µs', ({ generatorUs }: Row) => generatorUs, 0],
  ['memory MB', ({ memoryMb }: Row) => memoryMb, 0],
] as const

/** Prints rows, and beside each what it is of the first: its rate, and the CPU of server and PostgreSQL together. */
export function printRows(title: string, rows: [Row, ...Row[]] | Row[]): void {
  const [first] = rows
  const head = [...columns.map(([name]) => name), 'of the rate', 'of the CPU']
  console.log(`\n${title}\n\n${''.padEnd(20)}${head.map((name) => name.padStart(13)).join('')}`)
  for (const row of rows) {
    const cells = columns.map(([, read, digits]) => read(row)?.toFixed(digits) ?? '')
    cells.push(ratio(row.perSecond, first?.perSecond), ratio(cpu(row), first && cpu(first)))
    console.log(row.name.padEnd(20) + cells.map((cell) => cell.padStart(13)).join(''))
  }
}

function cpu({ serverUs, postgresUs }: Row): number | undefined {
  return serverUs === undefined || postgresUs === undefined ? undefined : serverUs + postgresUs
}

function ratio(value: number | undefined, first: number | undefined): string {
  return value === undefined || !first ? '' : (value / first).toFixed(2)
}
