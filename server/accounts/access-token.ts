import type { Token, TokenStore } from '@lango/daraja'
import type { Context } from '../context.ts'
import { persist } from '../database/persist.ts'
import { sql } from '../database/sql.ts'
import { later } from '../clock.ts'
import { seal, unseal } from '../secret.ts'
import { findAccounts } from './find.ts'
import { boundTo } from './account.ts'
import type { Account } from './account.ts'

const leaseMs = 35_000
const lookAgainMs = 100

/**
 * An account's access token, shared by all nodes through its row: each new token may end the one before it, so one node at a
 * time asks for one, under a lease, while the others look at the row until it is there.
 */
export function sharedToken(context: Context, account: Account): TokenStore {
  let token = open(context, account)
  return {
    read: async () => token,
    async mint(unfit, mintNow) {
      for (;;) {
        const row = await context.gather(findAccounts, account.id)
        token = row && open(context, row)
        if (token && token.value !== unfit) return token
        if (row && (await takeLease(context, row))) return (token = await mintAndKeep(context, account, mintNow))
        await lookAgain()
      }
    },
  }
}

async function mintAndKeep(context: Context, account: Account, mintNow: () => Promise<Token>): Promise<Token> {
  let token: Token
  try {
    token = await mintNow()
  } catch (error) {
    await endLease(context, () => releaseLease(context, account.id))
    throw error
  }
  await endLease(context, () => keep(context, account, token))
  return token
}

/** Does what ends the lease: until then all others wait. Never throws: a token is good though it cannot be kept at once. */
async function endLease(context: Context, work: () => Promise<void>): Promise<void> {
  await persist(context, { forMs: leaseMs, everyMs: lookAgainMs }, work).catch((error: unknown) =>
    context.log.warn({ error }, 'A new access token could not be shared with the other nodes at once.'),
  )
}

// The machine's own time: what is waited for is another process, not the installation's clock.
function lookAgain(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, lookAgainMs))
}

function open(
  context: Context,
  { merchant_id, id, access_token, access_token_expires_at }: Account,
): Token | undefined {
  if (!access_token || !access_token_expires_at) return undefined
  const value = unseal(context.config.secretKeys, 'credentials', boundTo(merchant_id, id, 'access_token'), access_token)
  return { value, expiresAt: access_token_expires_at }
}

// Only while the row has the token that was found unfit: another may have been kept since, and a new one would end it.
async function takeLease(context: Context, { id, access_token }: Account): Promise<boolean> {
  const now = context.clock.now()
  const taken = await context.database.maybe(sql`
    update provider_accounts set access_token_minting_until = ${later(now, leaseMs)}
    where id = ${id} and access_token is not distinct from ${access_token}
      and (access_token_minting_until is null or access_token_minting_until <= ${now})
    returning id`)
  return taken !== undefined
}

async function releaseLease(context: Context, id: string): Promise<void> {
  await context.database.query(sql`update provider_accounts set access_token_minting_until = null where id = ${id}`)
}

async function keep(context: Context, { merchant_id, id }: Account, token: Token): Promise<void> {
  const sealed = seal(context.config.secretKeys, 'credentials', boundTo(merchant_id, id, 'access_token'), token.value)
  await context.database.query(sql`
    update provider_accounts
    set access_token = ${sealed}, access_token_expires_at = ${token.expiresAt}, access_token_minting_until = null
    where id = ${id}`)
}
