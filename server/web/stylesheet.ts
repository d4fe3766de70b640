import { joinStyles, readAsset, withoutLayers } from './asset.ts'

const read = (name: string) => readAsset(new URL(name, import.meta.url))

const tokens = read('./tokens.css')
const shared = read('./lango.css')

/** What only the desk needs: the pages of people who work with Lango every day. Of rules that weigh the same, the later one holds. */
const desk = ['frame', 'forms', 'lists', 'figures', 'story', 'attention', 'invoices', 'counter', 'narrow']

/** The one stylesheet of every page that links to it. */
export const stylesheet = joinStyles(tokens, shared, ...desk.map((name) => read(`./desk/${name}.css`)))

/** What a payer's page begins with: no layers, for browsers that are too old to know them read nothing inside of one. */
export const payerStyle = withoutLayers(joinStyles(tokens, shared))
