import { createNode } from '../server/node.ts'
import type { Story } from './story.ts'

/** A payer's browser without JavaScript, at the checkout of one shop. */
export function payer({ context }: Story) {
  const { app } = createNode(context)
  const read = async (response: Response | Promise<Response>) => {
    const { status, headers } = await response
    return { status, to: headers.get('Location'), headers, text: textOf(await (await response).text()) }
  }
  return {
    open: (path: string, headers: Record<string, string> = {}) => read(app.request(path, { headers })),
    send: (path: string, fields: Record<string, string>) =>
      read(app.request(path, { method: 'POST', body: new URLSearchParams(fields) })),
    raw: (path: string, headers: Record<string, string> = {}) => Promise.resolve(app.request(path, { headers })),
  }
}

/** What a person reads on a page. */
export function textOf(page: string): string {
  return page
    .replace(/<(style|script|head)[^]*?<\/\1>/g, '')
    .replace(/<[^>]+>/g, '')
    .replace(/\s+/g, ' ')
}

/** Where the checkout of a payment is. */
export function pathOf(payment: { checkout_url: string }): string {
  return new URL(payment.checkout_url).pathname
}

/** How often any phone was asked. */
export function promptsSent({ simulator }: Story): number {
  return simulator.log().filter(({ direction, api }) => direction === 'in' && api === 'stkpush').length
}
