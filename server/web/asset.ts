import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** A file that pages are made with: its text, and what names exactly this text. */
export type Asset = {
  text: string
  /** Short, for an address: another text has another one, so that a browser may keep what it has for ever. */
  version: string
  /** As a Content-Security-Policy allows it to stand in a page. */
  source: string
}

/** Reads a stylesheet, a script or a picture, when the program starts. */
export function readAsset(url: URL): Asset {
  return asset(readFileSync(url, 'utf8'))
}

/** Stylesheets as one, without comments and without more blanks than they need. */
export function joinStyles(...styles: Asset[]): Asset {
  const text = styles.map((style) => style.text).join('\n')
  return asset(
    text
      .replace(/\/\*[^]*?\*\//g, '')
      .replace(/\s+/g, ' ')
      .replace(/ ?([{};,]) ?/g, '$1')
      .replace(/: /g, ':')
      .replace(/;}/g, '}')
      .trim(),
  )
}

/** A stylesheet with what its layers hold, in the order in which it is written, and without the layers. */
export function withoutLayers({ text }: Asset): Asset {
  let rest = text.replace(/@layer [\w, ]+;/g, '')
  for (let layer = /@layer \w+ ?\{/.exec(rest); layer; layer = /@layer \w+ ?\{/.exec(rest)) {
    const from = layer.index + layer[0].length
    const until = endOfBlock(rest, from)
    rest = rest.slice(0, layer.index) + rest.slice(from, until) + rest.slice(until + 1)
  }
  return asset(rest)
}

/** Any text as what a page may hold. */
export function asset(text: string): Asset {
  const hash = createHash('sha256').update(text).digest()
  return { text, version: hash.toString('hex', 0, 6), source: `'sha256-${hash.toString('base64')}'` }
}

function endOfBlock(text: string, from: number): number {
  let depth = 1
  for (let index = from; index < text.length; index++) {
    if (text[index] === '{') depth++
    if (text[index] === '}' && --depth === 0) return index
  }
  throw new Error('A layer of a stylesheet does not end.')
}
