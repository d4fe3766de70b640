import { asset } from './asset.ts'
import type { Asset } from './asset.ts'

const darkSheet = '#151d19'
/** Below this a filled button does not stand out from the sheet that it lies on. */
const standsOutFrom = 2

/** How far two colours (`#0b6b4f`) are apart for the eye: from 1, the same, to 21, black and white. */
export function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

/** White or black, whichever is read more easily on a colour: on every colour one of them is by the 4.5 that WCAG asks for. */
export function readableOn(color: string): '#fff' | '#000' {
  return contrast(color, '#ffffff') >= contrast(color, '#000000') ? '#fff' : '#000'
}

/** A merchant's colour as the style of a page: on the first letter of its name, and on what one presses to pay. */
export function brandStyle(color: string): Asset {
  const needsEdge = contrast(color, darkSheet) < standsOutFrom
  const dark = needsEdge ? '@media (prefers-color-scheme:dark){:root{--brand-edge:var(--edge)}}' : ''
  return asset(`:root{--brand:${color};--on-brand:${readableOn(color)}}${dark}`)
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((from) => {
    const value = parseInt(color.slice(from, from + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
