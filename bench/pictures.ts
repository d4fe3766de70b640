import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, loadavg } from 'node:os'
import { plot } from './plot.ts'
import type { Panel } from './plot.ts'
import type { Step } from './steps.ts'

/** What was measured under one load after the other, and of which day and machine. */
export type LoadFigures = { measured: string; lango: Step[]; floor: Step[] }

/** How many callbacks were settled a second beside so many payments. */
export type SettledFigures = { measured: string; beside: { payments: number; perSecond: number }[] }

const figuresAt = { load: new URL('load.json', import.meta.url), settled: new URL('settled.json', import.meta.url) }

export const pictureAt = (name: 'load' | 'settled') => new URL(`../docs/images/${name}.svg`, import.meta.url)

/** Keeps figures beside the results, and draws the pictures from them. */
export function keepFigures(name: 'load', figures: Omit<LoadFigures, 'measured'>): void
export function keepFigures(name: 'settled', figures: Omit<SettledFigures, 'measured'>): void
export function keepFigures(name: 'load' | 'settled', figures: object): void {
  writeFileSync(figuresAt[name], `${JSON.stringify({ measured: nowAndHere(), ...figures }, null, 2)}\n`)
  drawPictures()
}

function nowAndHere(): string {
  const day = new Date().toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' })
  return `${day}, ${availableParallelism()} cores, a load of ${loadavg()[0]!.toFixed(1)} at the end.`
}

/** Draws the pictures of the documentation from the figures that are kept. */
export function drawPictures(): void {
  for (const [name, picture] of Object.entries(pictures())) writeFileSync(pictureAt(name as 'load'), picture)
}

/** Each picture as it is to be, by its name. */
export function pictures(): Record<'load' | 'settled', string> {
  return {
    load: pictureOfLoad(read('load') as LoadFigures),
    settled: pictureOfSettled(read('settled') as SettledFigures),
  }
}

const read = (name: 'load' | 'settled') => JSON.parse(readFileSync(figuresAt[name], 'utf8')) as unknown

function pictureOfLoad({ measured, lango, floor }: LoadFigures): string {
  const along = 'callbacks offered each second'
  const line = (name: string, steps: Step[], figure: 'perSecond' | 'p50Ms' | 'p99Ms') => ({
    name,
    tone: steps === lango ? ('own' as const) : ('other' as const),
    points: steps.map((step): [number, number] => [step.offered, step[figure]]),
  })
  const panels: Panel[] = [
    {
      title: 'Callbacks settled each second',
      along,
      lines: [line('Lango', lango, 'perSecond'), line('floor', floor, 'perSecond')],
    },
    {
      title: 'Milliseconds until a callback is answered',
      along,
      isLog: true,
      lines: [
        line('Lango, p99', lango, 'p99Ms'),
        { ...line('Lango, p50', lango, 'p50Ms'), isDashed: true },
        line('floor, p99', floor, 'p99Ms'),
        { ...line('floor, p50', floor, 'p50Ms'), isDashed: true },
      ],
    },
  ]
  const description = lango.map(
    ({ offered, perSecond, p50Ms, p99Ms }) =>
      `Of ${offered} offered each second Lango settles ${perSecond.toFixed(0)}, p50 ${p50Ms.toFixed(0)} ms, p99 ${p99Ms.toFixed(0)} ms.`,
  )
  return plot(
    { title: 'Callbacks settled, and how long each takes, by load', description: [...description, measured].join(' ') },
    panels,
  )
}

function pictureOfSettled({ measured, beside }: SettledFigures): string {
  const description = beside.map(
    ({ payments, perSecond }) =>
      `Beside ${payments.toLocaleString('en')} payments ${perSecond} callbacks are settled each second.`,
  )
  return plot(
    { title: 'Callbacks settled, by the payments in the table', description: [...description, measured].join(' ') },
    [
      {
        title: 'Callbacks settled each second',
        along: 'millions of payments in the table',
        lines: [
          {
            name: 'Lango',
            tone: 'own',
            isTold: true,
            points: beside.map(({ payments, perSecond }) => [payments / 1e6, perSecond]),
          },
        ],
      },
    ],
  )
}
