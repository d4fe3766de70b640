/** Lines over two axes that begin at 0, or where `isLog` says so the upright one goes by powers of ten. No figure is below 0. */
export type Panel = {
  /** What is measured upright. */
  title: string
  /** What is measured along. */
  along: string
  isLog?: boolean
  lines: Line[]
}

export type Line = {
  name: string
  points: [x: number, y: number][]
  /** Ours, or what stands beside it. */
  tone: 'own' | 'other'
  isDashed?: boolean
  /** Whether each point is told by its figure. */
  isTold?: boolean
}

const [width, panelHeight] = [576, 292]
const margin = { top: 68, right: 116, bottom: 52, left: 74 }
const [right, bottom] = [width - margin.right, panelHeight - margin.bottom]
const labelGap = 20

/** An SVG of panels, one below the other, in the colours of the pages, light or dark as the reader's machine is. */
export function plot({ title, description }: { title: string; description: string }, panels: Panel[]): string {
  const height = panels.length * panelHeight
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description">
<title id="title">${escape(title)}</title>
<desc id="description">${escape(description)}</desc>
<style>
  svg { --sheet: #ffffff; --line: #e7e2d8; --ink: #13211b; --soft: #5d6b63; --own: #0b6b4f; color-scheme: light dark }
  @media (prefers-color-scheme: dark) { svg { --sheet: #151d19; --line: #26302b; --ink: #e8efea; --soft: #93a29a; --own: #36c796 } }
  text { font: 14px ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, Ubuntu, sans-serif; fill: var(--soft); font-variant-numeric: tabular-nums }
  .title { font-weight: 620; fill: var(--ink) } .end { text-anchor: end } .middle { text-anchor: middle }
  .sheet { fill: var(--sheet); stroke: var(--line) } .grid { stroke: var(--line) }
  polyline { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round }
  polyline.own { stroke: var(--own) } polyline.other { stroke: var(--soft) } .dashed { stroke-dasharray: 2 6 }
  circle.own { fill: var(--own) } circle.other { fill: var(--soft) } text.own { fill: var(--own); font-weight: 560 }
  @media (max-width: 430px) { text { font-size: 17px } }
</style>
<rect class="sheet" x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="10"/>
${panels.map((panel, index) => `<g transform="translate(0 ${index * panelHeight})">\n${drawPanel(panel)}\n</g>`).join('\n')}
</svg>
`
}

function drawPanel({ title, along, isLog = false, lines }: Panel): string {
  const points = lines.flatMap((line) => line.points)
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)]
  const across = scaleOf(xs, [margin.left, right])
  const up = scaleOf(ys, [bottom, margin.top], { isLog })
  const placed = ({ points: own }: Line) => own.map(([x, y]): [number, number] => [across.at(x), up.at(y)])
  return [
    text(title, [margin.left, 30], 'title'),
    ...up.ticks.flatMap((tick) => [
      `<path class="grid" d="M${margin.left} ${up.at(tick)}H${right}"/>`,
      text(show(tick), [margin.left - 10, up.at(tick) + 5], 'end'),
    ]),
    ...across.ticks.map((tick) => text(show(tick), [across.at(tick), bottom + 20], 'middle')),
    text(along, [(margin.left + right) / 2, bottom + 42], 'middle'),
    ...lines.map((line) => drawLine(line, placed(line))),
    ...apart(lines.map(({ points }) => up.at(points.at(-1)![1]))).map((height, index) =>
      text(lines[index]!.name, [right + 10, height + 5], lines[index]!.tone),
    ),
  ].join('\n')
}

function drawLine({ tone, isDashed, isTold, points }: Line, places: [number, number][]): string {
  const dots = isDashed ? [] : places.map(([x, y]) => `<circle class="${tone}" cx="${x}" cy="${y}" r="3.5"/>`)
  const last = points.length - 1
  // Above and below by turns, and none beyond the ends, so that points may stand close together.
  const told = points.map(([, figure], index) => {
    const [x, y] = places[index]!
    const anchor = index === 0 ? '' : index === last ? ' end' : ' middle'
    return text(show(figure), [x, index % 2 === 0 ? y - 12 : y + 24], `title${anchor}`)
  })
  const line = `<polyline class="${tone}${isDashed ? ' dashed' : ''}" points="${places.join(' ')}"/>`
  return [line, ...dots, ...(isTold ? told : [])].join('')
}

type Scale = { ticks: number[]; at(value: number): number }

/** Where each value stands between two ends, and the values that are written beside it. */
export function scaleOf(values: number[], [from, to]: [number, number], { isLog = false } = {}): Scale {
  const ticks = isLog ? powersAround(values) : roundSteps(Math.max(...values))
  const [low, high] = [ticks[0]!, ticks.at(-1)!]
  const share = (value: number) => (isLog ? Math.log(value / low) / Math.log(high / low) : value / high)
  return { ticks, at: (value) => Math.round((from + share(Math.max(value, low)) * (to - from)) * 10) / 10 }
}

/** 0 and up to five round steps, of which the last is not below. */
function roundSteps(most: number): number[] {
  const power = 10 ** Math.floor(Math.log10(most / 5))
  const step = [1, 2, 2.5, 5, 10].map((times) => times * power).find((size) => size * 5 >= most)!
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, index) => index * step)
}

function powersAround(values: number[]): number[] {
  const positive = values.filter((value) => value > 0)
  const [low, high] = [Math.floor(Math.log10(Math.min(...positive))), Math.ceil(Math.log10(Math.max(...positive)))]
  return Array.from({ length: Math.max(1, high - low) + 1 }, (_, index) => 10 ** (low + index))
}

/** The same heights, moved down so far that no two labels touch. */
function apart(heights: number[]): number[] {
  const moved: number[] = []
  for (const index of [...heights.keys()].toSorted((left, right_) => heights[left]! - heights[right_]!))
    moved[index] = Math.max(heights[index]!, ...moved.filter(Number.isFinite).map((height) => height + labelGap))
  return moved
}

function text(content: string, [x, y]: [number, number], kind: string): string {
  return `<text class="${kind}" x="${x}" y="${y}">${escape(content)}</text>`
}

const show = (value: number) => value.toLocaleString('en')
const escape = (content: string) => content.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
