/** An OAuth access token. */
export type Token = { value: string; expiresAt: Date }

/**
 * Where the access token lives. Several processes that use one client should share one store: whether a new token ends the
 * one before it is not known.
 */
export type TokenStore = {
  /** The token in use, perhaps expired, or `undefined` if there never was one. */
  read: () => Promise<Token | undefined>
  /**
   * Answers a token other than `unfit`, the value of one that expired or was refused. If the store holds another one by
   * now, it answers that; else exactly one caller runs `mintNow` and stores what it makes, while the others wait for it.
   * What `mintNow` throws is passed on unchanged.
   */
  mint: (unfit: string | undefined, mintNow: () => Promise<Token>) => Promise<Token>
}

/** Keeps the token in this process's memory; enough for a single process. */
export function memoryTokenStore(): TokenStore {
  let token: Token | undefined
  let minting: Promise<Token> | undefined
  const mintAndKeep = async (mintNow: () => Promise<Token>) => {
    try {
      token = await mintNow()
      return token
    } finally {
      minting = undefined
    }
  }
  return {
    read: () => Promise.resolve(token),
    mint(unfit, mintNow) {
      if (token && token.value !== unfit) return Promise.resolve(token)
      minting ??= mintAndKeep(mintNow)
      return minting
    },
  }
}
