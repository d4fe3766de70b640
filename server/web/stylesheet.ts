import { joinStyles, readAsset, withoutLayers } from './asset.ts'

const read = (name: string) => readAsset(new URL(name, import.meta.url))

const tokens = read('./tokens.css')
const shared = read('./lango.css')

/** The one stylesheet of every page that links to it. */
export const stylesheet = joinStyles(tokens, shared, read('./desk.css'))

/** What a payer's page begins with: no layers, for browsers that are too old to know them read nothing inside of one. */
export const payerStyle = withoutLayers(joinStyles(tokens, shared))
