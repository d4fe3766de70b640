import type { Fetch, Gateway } from './core/exchange.ts'
import { memoryTokenStore } from './core/token-store.ts'
import type { Token, TokenStore } from './core/token-store.ts'
import { mintToken } from './oauth.ts'

/** Where Pesaflow answers. Of the two of production an organisation is told one by eCitizen: it is a setting. */
export const BASE_URLS = {
  test: 'https://test.pesaflow.com',
  production: ['https://pesaflow.ecitizen.go.ke', 'https://payments.ecitizen.go.ke'],
} as const

const RENEW_EARLY_MS = 60_000

export type PesaflowOptions = {
  /** The client number. */
  apiClientId: string
  /** The key with which every hash is made. */
  apiKey: string
  /** The secret that most hashes end with. */
  secret: string
  /** Scheme and host. The address of the checkout, which some are given instead, is cut to them. */
  baseUrl: string
  /** Defaults to the platform's own. */
  fetch?: Fetch
  /** The clock of the token's life. Defaults to the machine's. */
  now?: () => Date
  /** Shares the access token between processes. Defaults to this process's memory. */
  tokenStore?: TokenStore
  /** How long one request may take, in milliseconds. Defaults to 30,000. */
  timeoutMs?: number
  userAgent?: string
  /** Waits before a request is repeated; a test passes one that does not. */
  wait?: (delayMs: number) => Promise<void>
  /** From 0 to 1; spreads repeated requests in time. Defaults to `Math.random`. */
  random?: () => number
}

/** One organisation's access to Pesaflow, ready to be asked. Every API is a function that takes it first. */
export type Pesaflow = Gateway & {
  readonly apiClientId: string
  readonly apiKey: string
  readonly secret: string
  readonly now: () => Date
  readonly wait: (delayMs: number) => Promise<void>
  readonly random: () => number
  readonly timeoutMs: number
  /**
   * The access token in use; given the value of one that was refused, another. Made ahead of expiry, once for all who ask
   * at the same time. Rejects with `NoToken`.
   */
  readonly accessToken: (refused?: string) => Promise<Token>
}

/**
 * Prepares a client for one organisation. Nothing is sent before the first call. Throws where a credential is empty.
 *
 * @example
 * const pesaflow = createPesaflow({ baseUrl: BASE_URLS.test, apiClientId: '…', apiKey: '…', secret: '…' })
 * const outcome = await checkout(pesaflow, { … })
 */
export function createPesaflow(options: PesaflowOptions): Pesaflow {
  const { apiClientId, apiKey, secret, tokenStore = memoryTokenStore() } = options
  if (!apiClientId || !apiKey || !secret)
    throw new Error('Pesaflow needs a client number, a key and a secret; one of them is empty.')
  const client = {
    apiClientId,
    apiKey,
    secret,
    baseUrl: options.baseUrl.replace(/\/PaymentAPI(\/.*)?$/i, '').replace(/\/+$/, ''),
    fetch: options.fetch ?? ((url: string, init: RequestInit) => fetch(url, init)),
    now: options.now ?? (() => new Date()),
    wait: options.wait ?? ((delayMs: number) => new Promise<void>((resolve) => setTimeout(resolve, delayMs))),
    random: options.random ?? Math.random,
    timeoutMs: options.timeoutMs ?? 30_000,
    userAgent: options.userAgent ?? 'Mozilla/5.0 (compatible; lango-pesaflow/0.1)',
  }
  return { ...client, accessToken: shareToken(tokenStore, client.now, () => mintToken(client)) }
}

function shareToken(store: TokenStore, now: () => Date, mintNow: () => Promise<Token>): Pesaflow['accessToken'] {
  let renewal: { unfit: string | undefined; token: Promise<Token> } | undefined
  const renew = (unfit: string | undefined) => {
    if (renewal && renewal.unfit === unfit) return renewal.token
    const started = { unfit, token: store.mint(unfit, mintNow).finally(() => (renewal = undefined)) }
    renewal = started
    return started.token
  }
  return async (refused) => {
    const token = await store.read()
    const isFit = token && token.value !== refused && token.expiresAt.getTime() - now().getTime() > RENEW_EARLY_MS
    return isFit ? token : renew(token?.value)
  }
}
