import { raw } from 'hono/html'
import { readAsset } from './asset.ts'

export const markPicture = readAsset(new URL('./mark.svg', import.meta.url))

/** The gate: Lango's mark, in the colour of the text around it. */
export const mark = raw(
  markPicture.text.trim().replace('<svg', '<svg class="mark" width="26" height="26" aria-hidden="true"'),
)
