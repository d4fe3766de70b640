import { LangoError } from './error.ts'
import { readAnswer } from './answer.ts'
import type { Meta } from './answer.ts'
import { createList } from './list.ts'
import type { List } from './list.ts'
import { queryText } from './query.ts'
import type { Query } from './query.ts'

export type LangoOptions = {
  /** Where Lango runs, such as `https://pay.shop.example` or `http://localhost:4000`. */
  url: string
  /** The API key, `sk_test_…` or `sk_live_…`. It belongs on a server, never in a browser. */
  key: string
  /** Another `fetch`, for tests or special networks. */
  fetch?: (url: string, init: RequestInit) => Response | Promise<Response>
  /** How long one attempt may take; 60,000 by default, since a payment's answer waits for M-Pesa's. */
  timeoutMs?: number
  /** How often a request that got no answer is repeated; 3 by default. */
  retries?: number
  /** How long before the first repetition, doubled each time; 500 by default. */
  retryDelayMs?: number
}

export type PostOptions = {
  /**
   * Names this request: the same key makes the same object once, for seven days, also after your own process died. Without one
   * a random key is made, which covers the repetitions of this call alone. An order's number is a good key.
   */
  idempotencyKey?: string
}

/** The ways to ask. All but `postOnce` and `putOnce` may be repeated when no answer came, and are. */
export type Call = {
  get<Data>(path: string, query?: Query): Promise<Data>
  list<Item>(path: string, filter: Query): List<Item>
  /** Gets what is no JSON: a file, as its bytes. */
  download(path: string, query?: Query): Promise<Uint8Array>
  post<Data>(path: string, body?: object, options?: PostOptions): Promise<Data>
  /** For what would happen twice if it were repeated. */
  postOnce<Data>(path: string, body?: object): Promise<Data>
  /** Posts a file. What kind it is, is known by its bytes. */
  upload<Data>(path: string, file: string | Uint8Array, query: Query, options?: PostOptions): Promise<Data>
  put<Data>(path: string, body: object): Promise<Data>
  putOnce<Data>(path: string, body: object): Promise<Data>
  patch<Data>(path: string, body: object): Promise<Data>
  remove<Data>(path: string): Promise<Data>
}

type Request = {
  method: string
  path: string
  query?: Query
  /** An object goes as JSON. */
  body?: object
  file?: string | Uint8Array
  /** What is answered is a file. */
  isDownload?: boolean
  key?: string
  isRepeatable: boolean
}

/** A way to call one installation with one key. */
export function createCall(options: LangoOptions): Call {
  const ask = asker(options)
  const once = async <Data>(request: Request) => (await ask<Data>(request)).data
  return {
    get: (path, query) => once({ method: 'GET', path, query, isRepeatable: true }),
    list: <Item>(path: string, filter: Query) =>
      createList(filter, (query) => ask<Item[]>({ method: 'GET', path, query, isRepeatable: true })),
    download: (path, query) => once({ method: 'GET', path, query, isDownload: true, isRepeatable: true }),
    post: (path, body, { idempotencyKey: key = crypto.randomUUID() } = {}) =>
      once({ method: 'POST', path, body, key, isRepeatable: true }),
    postOnce: (path, body) => once({ method: 'POST', path, body, isRepeatable: false }),
    upload: (path, file, query, { idempotencyKey: key } = {}) =>
      once({ method: 'POST', path, file, query, key, isRepeatable: true }),
    put: (path, body) => once({ method: 'PUT', path, body, isRepeatable: true }),
    putOnce: (path, body) => once({ method: 'PUT', path, body, isRepeatable: false }),
    patch: (path, body) => once({ method: 'PATCH', path, body, isRepeatable: true }),
    remove: (path) => once({ method: 'DELETE', path, isRepeatable: true }),
  }
}

function asker(options: LangoOptions) {
  const { key, fetch = globalThis.fetch, timeoutMs = 60_000, retries = 3, retryDelayMs = 500 } = options
  const base = readUrl(options.url)
  refuseKey(key)

  const attempt = async <Data>(request: Request): Promise<{ data: Data; meta: Meta }> => {
    const { method, path, query = {}, body, file, key: idempotencyKey } = request
    const init: RequestInit = {
      method,
      headers: {
        'X-API-Key': key,
        Accept: request.isDownload ? '*/*' : 'application/json',
        ...(body && { 'Content-Type': 'application/json' }),
        ...(file !== undefined && {
          'Content-Type': typeof file === 'string' ? 'text/csv' : 'application/octet-stream',
        }),
        ...(idempotencyKey && { 'Idempotency-Key': idempotencyKey }),
      },
      body: body ? JSON.stringify(body) : (file as BodyInit | undefined),
      // A followed redirect would turn a POST into a GET, and tell the key to whoever is there.
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    }
    let [response, text]: [Response?, string?] = []
    try {
      response = await fetch(`${base}/v1${path}${queryText(query)}`, init)
      if (request.isDownload && response.ok) {
        const bytes = new Uint8Array(await response.arrayBuffer())
        return { data: bytes as Data, meta: {} }
      }
      text = await response.text()
    } catch (cause) {
      throw noAnswer({ base, cause, timeoutMs, idempotencyKey })
    }
    return readAnswer<Data>({ base, response, text, idempotencyKey })
  }

  return async <Data>(request: Request): Promise<{ data: Data; meta: Meta }> => {
    for (let repeats = 0; ; repeats++) {
      try {
        return await attempt<Data>(request)
      } catch (error) {
        if (!request.isRepeatable || repeats >= retries || !mayPass(error)) throw error
        const saidMs = (error.retry_after_s ?? 0) * 1_000
        await new Promise((resolve) => setTimeout(resolve, Math.max(saidMs, retryDelayMs * 2 ** repeats)))
      }
    }
  }
}

/** Whoever is told to wait for longer may not have the right key, or waits for a person. */
const patienceS = 5

/** Whether the same request may fare better in a moment. */
function mayPass(error: unknown): error is LangoError {
  if (!(error instanceof LangoError)) return false
  if (error.code === 'no_answer' || error.code === 'idempotency_in_progress') return true
  if (error.code === 'too_many_requests') return (error.retry_after_s ?? Infinity) <= patienceS
  return error.status === 502 || error.status === 503 || error.status === 504
}

type Silence = { base: string; cause: unknown; timeoutMs: number; idempotencyKey: string | undefined }

function noAnswer({ base, cause, timeoutMs, idempotencyKey }: Silence): LangoError {
  const isLate = cause instanceof Error && cause.name === 'TimeoutError'
  const why = isLate ? `within ${timeoutMs / 1000} s` : `(${(cause as Error)?.message ?? String(cause)})`
  const advice = idempotencyKey
    ? 'It may have been carried out all the same: repeat it with the same idempotency key, and it happens once.'
    : 'Is it running, and can this machine reach it?'
  return new LangoError('no_answer', `Lango at ${base} did not answer ${why}. ${advice}`, {
    cause,
    idempotency_key: idempotencyKey,
  })
}

function readUrl(url: string): string {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url.replace(/\/+$/, '')
  const message = `"${url}" is no address of Lango. Write it as https://pay.shop.example or http://localhost:4000.`
  throw new LangoError('invalid_options', message, { param: 'url' })
}

function refuseKey(key: string): void {
  if (typeof key === 'string' && key.startsWith('sk_')) return
  const message = 'The key is the API key that begins with sk_test_ or sk_live_. Make one: lango keys create.'
  throw new LangoError('invalid_options', message, { param: 'key' })
}
