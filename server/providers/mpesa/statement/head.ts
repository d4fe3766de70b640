import { textOf } from './cell.ts'
import { readMoney } from './money-cell.ts'
import type { Row } from './row.ts'
import { readMoment } from './time-cell.ts'
import type { Moment } from './time-cell.ts'

/** An amount that a statement states of itself, and the line in which it does. */
export type Stated = { cents: number; line: number }

/** What stands above the list of a statement, and below it. */
export type Head = {
  /** The short codes whose statement it says to be; those of a label before those that only stand in a sentence. */
  shortcodes: string[]
  /** Both included. */
  period?: { from: Date; until: Date }
  /** When it was exported. */
  reported?: Moment
  /** The account of the organisation, *Utility Account* for example. */
  account?: string
  opening?: Stated
  closing?: Stated
  paidIn: Stated[]
  withdrawn: Stated[]
}

type Label =
  | 'holder'
  | 'account'
  | 'shortcode'
  | 'period'
  | 'from'
  | 'until'
  | 'reported'
  | 'opening'
  | 'closing'
  | 'paidIn'
  | 'withdrawn'
  | 'other'

/** The names of what is stated, by their letters alone. */
const labels: [RegExp, Label][] = [
  [
    /^(?:mpesa)?(?:(?:organi[sz]ation|business|org|merchant|your)?shortcode|(?:business)?paybill(?:till)?|(?:buygoods|merchant|store)?till|business|store|merchant|buygoods|biller)(?:s?(?:no|number|code|id))$|^(?:mpesa)?(?:(?:organi[sz]ation|business|org|merchant)?shortcode|paybill|till|paybilltill|organi[sz]ationcode)$/,
    'shortcode',
  ],
  [
    /^(?:accountholder|holder|(?:organi[sz]ation|business|merchant|customer|company)name|organi[sz]ation|name)$/,
    'holder',
  ],
  [/^(?:time|statement|report|transaction|date|reporting)?(?:period|range)(?:covered)?$|^duration$/, 'period'],
  [/^(?:from|start|begin)(?:date|time)?$|^(?:date|period|statement)(?:from|start)$/, 'from'],
  [/^(?:to|until|end)(?:date|time)?$|^(?:date|period|statement)(?:to|end|until)$/, 'until'],
  [
    /^(?:dateofreport|report(?:date|time|edon|generated(?:on)?)|print(?:ed|date|time)(?:on)?|generated(?:on|at)?|date(?:generated|printed)|exported(?:on|at)?|downloaded(?:on|at)?)$/,
    'reported',
  ],
  [/^opening(?:account)?balance$|^balancebroughtforward$/, 'opening'],
  [/^closing(?:account)?balance$|^balancecarriedforward$/, 'closing'],
  [/^total(?:amount)?(?:paidin|in|credits?|moneyin|deposits?|received)$/, 'paidIn'],
  [/^total(?:amount)?(?:withdrawn|withdrawals?|out|debits?|moneyout|paidout)$/, 'withdrawn'],
  [/^account(?:type|name)?$/, 'account'],
  [/^(?:operator|(?:available|uncleared|reserved|current)balance|email|address|phone(?:number)?|currency)$/, 'other'],
]
const ofShortcode =
  /short ?code|pay ?bill|\btill\b|\b(?:business|store|merchant|organi[sz]ation|org|biller|buy ?goods) ?(?:no|number|code|id)\b/i
/** Whose number is not that of the account: a parent's, an operator's. */
const ofSomethingElse = /name|holder|type|status|balance|parent|head ?office|operator|statement/i
const labelled = /^([A-Za-z][A-Za-z ./()&'-]{1,40}?) ?[:=] ?(.*)$/
const labelAndNumber = /^([A-Za-z][A-Za-z ./()-]{2,30}?)[ #-]+(\d{5,8})$/
const shortcodeForm = /(?<!\d)\d{5,8}(?!\d)/
/** A short code in a sentence: `SHOP 55555 SHORTCODE 174379`. */
const inSentence =
  /\b(?:short ?code|pay ?bill|till|statements? (?:for|of))(?: (?:no|number))?\b[ .:#-]*(\d{5,8})(?!\d)/gi
/** How the portal calls its newer exports, which have nothing above the list: by the name of the file, and of the sheet. */
const exportName = /\bstatements? for (\d{5,8}) from (.+?) to (\d[\d/. -]*\d)/i

/** Where in a cell a value ends and another label begins: `Opening Balance: 100.00 Closing Balance: 200.00`. */
const nextLabel = /(?<=\d|[ap]m)[ ,;]+(?=[A-Za-z][A-Za-z ./()-]{1,40}[:=])/i
/** A period that stands in a sentence. */
const fromTo = /\bfrom:? (.+?),? (?:to|until):? (.+)$/i
const between = / (?:to|until|till|and|-|\u2013):? /i

type Fact = { label: Label; value: string; /** All that stands behind the label. */ behind: string[]; line: number }

/** Reads what a statement states of itself: label and value in one cell, in two, or on two lines. */
export function readHead(rows: Row[], fileName = ''): Head {
  const lines = rows.map(({ number, cells }) => ({
    number,
    cells: cells.flatMap((cell) => textOf(cell).split(nextLabel)),
  }))
  const facts = lines.flatMap((line, index) => factsOf(line, lines[index + 1]))
  const all = (label: Label) => facts.filter((fact) => fact.label === label)
  const first = (label: Label) => all(label).find(({ value }) => value !== '')
  const named = exportName.exec(fileName)
  return {
    shortcodes: [...new Set([...statedShortcodes(lines, all('shortcode')), ...(named ? [named[1]!] : [])])],
    period: periodOf(facts) ?? periodInSentence(lines) ?? (named ? periodFrom(named[2]!, named[3]!) : undefined),
    account: first('account')?.value,
    reported: readMoment(first('reported')?.value),
    opening: all('opening').flatMap(statedOf)[0],
    closing: all('closing').flatMap(statedOf)[0],
    paidIn: all('paidIn').flatMap(statedOf),
    withdrawn: all('withdrawn').flatMap(statedOf),
  }
}

function labelOf(text: string): Label | undefined {
  const name = text
    .toLowerCase()
    .replace(/\(.*?\)/g, '')
    .replace(/[^a-z]/g, '')
  return labels.find(([form]) => form.test(name))?.[1]
}

/** With a colon behind it, whatever speaks of a short code is its label: `Our PayBill (M-PESA):`. */
function labelBefore(text: string): Label | undefined {
  const label = labelOf(text)
  if (label) return label
  return ofShortcode.test(text) && !ofSomethingElse.test(text) ? 'shortcode' : undefined
}

function factsOf({ number, cells }: Row, below: Row | undefined): Fact[] {
  return cells.flatMap((cell, place): Fact[] => {
    const inline = labelled.exec(cell) ?? labelAndNumber.exec(cell)
    const label = inline ? labelBefore(inline[1]!) : labelOf(cell)
    if (!label) return []
    const behind = cells.slice(place + 1)
    const value = inline?.[2] ? whole(inline[2], behind[0]) : valueBeside(behind, below?.cells[place])
    const beside = [inline?.[2] ?? '', ...behind].filter(Boolean)
    return [{ label, value, behind: beside.length > 0 ? beside : [value], line: number }]
  })
}

/** The value stands in the next cell that has any, unless that is a label too, or else below. */
function valueBeside(behind: string[], below = ''): string {
  const place = behind.findIndex((cell) => cell !== '')
  if (place >= 0 && !isLabel(behind[place]!)) return whole(behind[place]!, behind[place + 1])
  return isLabel(below) ? '' : below
}

/** The thousands of an amount without quotes are a cell of their own: that is not the amount. */
function whole(value: string, next = ''): string {
  return /(?<!\d)\d{1,3}$/.test(value) && /^\d{3}(?:\.\d+)?$/.test(next) ? '' : value
}

function isLabel(text: string): boolean {
  return labelOf(labelled.exec(text)?.[1] ?? text) !== undefined
}

function statedShortcodes(lines: Row[], facts: Fact[]): string[] {
  const stated = facts.flatMap(({ value }) => shortcodeForm.exec(value)?.[0] ?? [])
  if (stated.length > 0) return stated
  const sentences = lines.flatMap(({ cells }) => cells)
  return sentences.flatMap((text) => [...text.matchAll(inSentence)].map((match) => match[1]!))
}

function periodOf(facts: Fact[]): Head['period'] {
  for (const { behind } of facts.filter(({ label }) => label === 'period')) {
    const said = behind.join(' ').replace(/^from:? /i, '')
    const [from, until] = behind.filter(readMoment).length > 1 ? behind.filter(readMoment) : said.split(between)
    const period = periodFrom(from, until)
    if (period) return period
  }
  const one = (wanted: Label) => facts.find(({ label, value }) => label === wanted && readMoment(value))?.value
  return periodFrom(one('from'), one('until'))
}

function periodInSentence(lines: Row[]): Head['period'] {
  for (const cell of lines.flatMap(({ cells }) => cells)) {
    const [, from, until] = fromTo.exec(cell) ?? []
    const period = periodFrom(from, until)
    if (period) return period
  }
  return undefined
}

function periodFrom(from: string | undefined, until: string | undefined): Head['period'] {
  const [first, last] = [readMoment(from), readMoment(until)]
  if (!first || !last || first.at > last.at) return undefined
  return { from: first.at, until: new Date(last.at.getTime() + last.spanMs - 1) }
}

function statedOf({ value, line }: Fact): Stated[] {
  const cents = readMoney(value)
  return typeof cents === 'number' ? [{ cents, line }] : []
}
