import type { Fetch, Gateway } from './core/exchange.ts'
import { memoryTokenStore } from './core/token-store.ts'
import type { Token, TokenStore } from './core/token-store.ts'
import { mintToken } from './oauth.ts'

const BASE_URLS = {
  sandbox: 'https://sandbox.safaricom.co.ke',
  production: 'https://api.safaricom.co.ke',
} as const

const RENEW_EARLY_MS = 60_000

export type DarajaOptions = {
  consumerKey: string
  consumerSecret: string
  /** Defaults to the platform's own. */
  fetch?: Fetch
  /** The clock of timestamps and of the token's life. Defaults to the machine's. */
  now?: () => Date
  /** Shares the access token between processes. Defaults to this process's memory. */
  tokenStore?: TokenStore
  /** How long one request may take, in milliseconds. Defaults to 30,000. */
  timeoutMs?: number
  /** Safaricom's firewall turns unusual ones away. */
  userAgent?: string
  /** Waits before a request is repeated; a test passes one that does not. */
  wait?: (delayMs: number) => Promise<void>
  /** From 0 to 1; spreads repeated requests in time. Defaults to `Math.random`. */
  random?: () => number
} & (
  | { environment: 'sandbox' | 'production' }
  /** Where Daraja, or a simulator of it, answers: scheme and host, perhaps a path. */
  | { baseUrl: string }
)

/** One app at Safaricom, ready to be asked. Every API is a function that takes it first. */
export type Daraja = Gateway & {
  readonly now: () => Date
  readonly wait: (delayMs: number) => Promise<void>
  readonly random: () => number
  readonly timeoutMs: number
  /**
   * The access token in use; given the value of one that was refused, another. Made ahead of expiry, once for all who
   * ask at the same time. Rejects with `NoToken`.
   */
  readonly accessToken: (refused?: string) => Promise<Token>
}

/**
 * Prepares a client for one app. Nothing is sent before the first call.
 *
 * @example
 * const daraja = createDaraja({ environment: 'sandbox', consumerKey: '…', consumerSecret: '…' })
 * const outcome = await stkPush(daraja, { … })
 */
export function createDaraja(options: DarajaOptions): Daraja {
  const gateway = {
    baseUrl: 'baseUrl' in options ? options.baseUrl.replace(/\/+$/, '') : BASE_URLS[options.environment],
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
    now: options.now ?? (() => new Date()),
    wait: options.wait ?? ((delayMs) => new Promise<void>((resolve) => setTimeout(resolve, delayMs))),
    random: options.random ?? Math.random,
    timeoutMs: options.timeoutMs ?? 30_000,
    userAgent: options.userAgent ?? 'Mozilla/5.0 (compatible; lango-daraja/0.1)',
  }
  const { consumerKey, consumerSecret, tokenStore = memoryTokenStore() } = options
  const mintNow = () => mintToken({ ...gateway, consumerKey, consumerSecret })
  return { ...gateway, accessToken: shareToken(tokenStore, gateway.now, mintNow) }
}

/** Whether requests go to Safaricom's production. */
export function isProduction(daraja: Daraja): boolean {
  return daraja.baseUrl === BASE_URLS.production
}

function shareToken(store: TokenStore, now: () => Date, mintNow: () => Promise<Token>): Daraja['accessToken'] {
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
