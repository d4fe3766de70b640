import { html } from 'hono/html'
import type { Html } from '../html.ts'
import { qrPath } from '../qr.ts'

/** A text for a camera: black on white, whatever the palette. `label` says what it is. */
export function qrCode(text: string, label: string): Html {
  const { path, size } = qrPath(text)
  return html`<svg class="qr" viewBox="-3 -3 ${size + 6} ${size + 6}" role="img" aria-label="${label}">
    <rect x="-3" y="-3" width="${size + 6}" height="${size + 6}" fill="#fff" />
    <path d="${path}" fill="#000" shape-rendering="crispEdges" />
  </svg>`
}
