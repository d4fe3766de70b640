import { inflateSync } from 'node:zlib'
import jsqr from 'jsqr'
import type { Page } from 'playwright-core'

// The package is of the old kind: what it exports by default is a member of what is imported.
const { default: decode } = jsqr

/** What a reader of QR codes finds in a picture that a browser shows, a PNG; undefined where it finds nothing. */
export async function readQrOfPicture(page: Page, picture: Buffer): Promise<string | undefined> {
  const pixels = await page.evaluate(async (base64) => {
    const image = new Image()
    image.src = `data:image/png;base64,${base64}`
    await image.decode()
    const [width, height] = [image.naturalWidth, image.naturalHeight]
    const canvas = new OffscreenCanvas(width, height).getContext('2d')!
    canvas.drawImage(image, 0, 0)
    return { width, height, data: [...canvas.getImageData(0, 0, width, height).data] }
  }, picture.toString('base64'))
  return decode(new Uint8ClampedArray(pixels.data), pixels.width, pixels.height)?.data
}

const modulePixels = 4
const quietModules = 4

/** What it finds in the one code that a PDF of ours has drawn: each of its dark modules is a square of one unit. */
export function readQrOfPdf(pdf: Uint8Array): string | undefined {
  const squares = [...drawingsOf(Buffer.from(pdf)).matchAll(/^(\d+) (\d+) m\n(\d+) \2 l\n\3 (\d+) l$/gm)]
    .map(([, x, y, right]) => ({ x: Number(x), y: Number(y), width: Number(right) - Number(x) }))
    .filter(({ width }) => width === 1)
  const modules = Math.max(...squares.flatMap(({ x, y }) => [x, y])) + 1 + 2 * quietModules
  const side = modules * modulePixels
  const paper = Buffer.alloc(side * side, 255)
  for (const { x, y } of squares)
    for (let row = 0; row < modulePixels; row++) {
      const at = ((y + quietModules) * modulePixels + row) * side + (x + quietModules) * modulePixels
      paper.fill(0, at, at + modulePixels)
    }
  return readQrOfGrey(paper, side)
}

/** What it finds in a square of grey pixels, a byte each. */
export function readQrOfGrey(pixels: Buffer, side: number): string | undefined {
  const data = Uint8ClampedArray.from([...pixels].flatMap((grey) => [grey, grey, grey, 255]))
  return decode(data, side, side)?.data
}

/** What a PDF draws, as text. */
function drawingsOf(pdf: Buffer): string {
  const text = pdf.toString('latin1')
  const streams = [...text.matchAll(/\/FlateDecode\s*>>\s*stream\r?\n([^]*?)\r?\nendstream/g)]
  return streams.map(([, body]) => tryInflate(Buffer.from(body!, 'latin1'))).join('\n')
}

function tryInflate(body: Buffer): string {
  try {
    return inflateSync(body).toString('latin1')
  } catch {
    return ''
  }
}
