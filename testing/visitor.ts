import { createNode } from '../server/node.ts'
import type { Story } from './story.ts'

/** What a page answers: its text, and where it leads. */
export type Answer = { status: number; text: string; to: string | null; headers: Headers }

/** Somebody with a browser that runs no scripts: it keeps cookies, and sends a form with what it hides. */
export type Visitor = {
  cookies: Map<string, string>
  get(path: string): Promise<Answer>
  /** Sends a form of the page that was last looked at. */
  send(path: string, fields?: Record<string, string>, headers?: Record<string, string>): Promise<Answer>
  /** Sends such a form with files. */
  sendFile(path: string, files: Record<string, File>): Promise<Answer>
}

/** Opens a browser at this address, with these cookies. */
export function visitorOf({ context }: Story, known: Record<string, string> = {}, address = '196.201.1.1'): Visitor {
  const { app } = createNode({ ...context, config: { ...context.config, trustedProxies: ['0.0.0.0/0'] } })
  const cookies = new Map(Object.entries(known))
  let hidden: Record<string, string> = {}
  const ask = async (path: string, init: RequestInit): Promise<Answer> => {
    const Cookie = [...cookies].map((pair) => pair.join('=')).join('; ')
    const headers = { Accept: 'text/html', 'X-Forwarded-For': address, Cookie, ...(init.headers as object) }
    const response = await app.request(path, { ...init, headers }, socketOf('10.0.0.1'))
    keepCookies(cookies, response.headers)
    const text = await response.text()
    if (text.includes('<form')) hidden = hiddenIn(text)
    return { status: response.status, text, to: response.headers.get('Location'), headers: response.headers }
  }
  return {
    cookies,
    get: (path) => ask(path, {}),
    send: (path, fields = {}, headers = {}) =>
      ask(path, {
        method: 'POST',
        headers: { Origin: context.config.publicUrl, ...headers },
        body: new URLSearchParams({ ...hidden, ...fields }),
      }),
    sendFile(path, files) {
      const body = new FormData()
      for (const [name, value] of Object.entries({ ...hidden, ...files })) body.append(name, value)
      return ask(path, { method: 'POST', headers: { Origin: context.config.publicUrl }, body })
    },
  }
}

const socketOf = (remoteAddress: string) => ({ incoming: { socket: { remoteAddress } } })

function keepCookies(cookies: Map<string, string>, headers: Headers): void {
  for (const line of headers.getSetCookie()) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!
    if (/Max-Age=0/i.test(line)) cookies.delete(name!)
    else cookies.set(name!, value!)
  }
}

function hiddenIn(text: string): Record<string, string> {
  const found = text.matchAll(/<input\s+type="hidden"\s+name="([^"]+)"\s+value="([^"]*)"/g)
  return Object.fromEntries([...found].map(([, name, value]) => [name, value]))
}
