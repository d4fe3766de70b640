import { html } from 'hono/html'
import type { Html } from '../html.ts'

/** What is counted at one place of the axis, nothing where it has not come yet; places without a label have none shown. */
export type Point = { label?: string; value?: number; before?: number }

const width = 640
const height = 142
const top = 16

/** A course of values as an area, and beside it the one that it is compared with, dashed. `alt` says in a sentence what it shows. */
export function plot(points: Point[], alt: string): Html {
  const max = ceilingOf(Math.max(1, ...points.flatMap(({ value = 0, before = 0 }) => [value, before])))
  const x = (index: number) => round((index * width) / Math.max(1, points.length - 1))
  const y = (value: number) => round(height - (value / max) * (height - top))
  const course = (values: number[]) =>
    values.map((value, index) => `${index === 0 ? 'M' : 'L'}${x(index)} ${y(value)}`).join('')
  const values = points.flatMap(({ value }) => value ?? [])
  const now = course(values)
  const steps = [1, 2, 3].map((third) => (max * third) / 3)
  return html`<svg class="plot" viewBox="0 0 ${width} ${height + 26}" role="img" aria-label="${alt}">
    ${steps.map((value) => html`<line x1="0" x2="${width}" y1="${y(value)}" y2="${y(value)}" />`)}
    <path class="area" d="${now}L${x(Math.max(0, values.length - 1))} ${height}L0 ${height}Z" />
    ${
      points.some(({ before }) => before !== undefined)
        ? html`<path class="before" d="${course(points.map(({ before = 0 }) => before))}" />`
        : ''
    }
    <path class="now" d="${now}" />
    ${steps.map((value) => html`<text x="${width}" y="${y(value) - 4}" text-anchor="end">${short(value)}</text>`)}
    ${points.map(({ label }, index) =>
      label === undefined ? '' : html`<text x="${x(index)}" y="${height + 20}" text-anchor="middle">${label}</text>`,
    )}
  </svg>`
}

/** Counts beside each other, the largest first: each with its name, a bar and its number. */
export function bars(list: { name: string; count: number }[]): Html {
  const max = Math.max(1, ...list.map(({ count }) => count))
  return html`<ul class="bars">
    ${list.map(
      ({ name, count }) =>
        html`<li>
          ${name}<svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
            <rect width="${round((100 * count) / max)}" height="8" rx="2" /></svg
          ><b>${count}</b>
        </li>`,
    )}
  </ul>`
}

/** How much of a whole is there. */
export function share(part: number, whole: number, alt: string): Html {
  const percent = whole > 0 ? Math.min(100, (100 * part) / whole) : 0
  return html`<svg class="share" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label="${alt}">
    <rect width="${round(percent)}" height="8" />
  </svg>`
}

// The axis ends at a round number of which each third is round too.
function ceilingOf(max: number): number {
  const size = 10 ** Math.floor(Math.log10(max))
  return ([1.5, 3, 6, 9, 15].find((step) => step * size >= max) ?? 15) * size
}

function short(value: number): string {
  if (value >= 1_000_000) return `${round(value / 1_000_000)}m`
  return value >= 1000 ? `${round(value / 1000)}k` : String(round(value))
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
