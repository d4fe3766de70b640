import { setTimeout as pause } from 'node:timers/promises'
import type { Token, TokenStore } from '@lango/daraja'
import type { Context } from '../context.ts'
import { persist } from '../database/persist.ts'
import { sql } from '../database/sql.ts'
import { later } from '../clock.ts'
import { newId } from '../id.ts'
import { seal, unseal } from '../secret.ts'
import { findAccounts } from './find.ts'
import { boundTo } from './account.ts'
import type { Account } from './account.ts'

/** For so long the others take a node for alive that has said so. One that lives says it again and again while it asks. */
const leaseMs = 2_000
const beatMs = 500
const lookAgainMs = 100
/** For so long a token that could not be kept at once is still worth keeping. */
const keepForMs = 35_000

/** The right of one node to ask for an account's next token. */
type Lease = { account: Account; id: string }

/**
 * An account's access token, shared by all nodes through its row: each new token may end the one before it, so one node at a
 * time asks for one, under a lease, while the others look at the row until it is there. Where that node dies meanwhile, another
 * takes its place when the lease is over.
 */
export function sharedToken(context: Context, account: Account): TokenStore {
  let token = open(context, account)
  return {
    read: async () => token,
    async mint(unfit, mintNow) {
      for (;;) {
        const row = await context.gather(findAccounts, account.id)
        if (!row) throw new Error('The account is not there any more: no token can be made for it.')
        token = open(context, row)
        if (token && token.value !== unfit) return token
        const lease = await takeLease(context, row)
        if (lease) return (token = await mintAndKeep(context, lease, mintNow))
        await pause(lookAgainMs)
      }
    },
  }
}

async function mintAndKeep(context: Context, lease: Lease, mintNow: () => Promise<Token>): Promise<Token> {
  const letGo = hold(context, lease)
  let token: Token
  try {
    token = await mintNow()
  } catch (error) {
    await endLease(context, () => release(context, lease))
    throw error
  } finally {
    letGo()
  }
  await endLease(context, () => keep(context, lease, token))
  return token
}

/** Does what ends the lease: until then all others wait. Never throws: a token is good though it cannot be kept at once. */
async function endLease(context: Context, work: () => Promise<void>): Promise<void> {
  await persist(context, { forMs: keepForMs, everyMs: lookAgainMs }, work).catch((error: unknown) =>
    context.log.warn({ error }, 'A new access token could not be shared with the other nodes at once.'),
  )
}

/** Extends a lease for as long as this process lives, until it is let go. While the database is away nobody else can take it either. */
function hold(context: Context, lease: Lease): () => void {
  let isHeld = true
  const beat = async () => {
    // The machine's own time: what is waited for is another process, not the installation's clock.
    await pause(beatMs)
    if (!isHeld) return
    await extend(context, lease).catch(() => undefined)
    return beat()
  }
  void beat()
  return () => void (isHeld = false)
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
async function takeLease(context: Context, account: Account): Promise<Lease | undefined> {
  const now = context.clock.now()
  const id = newId(now)
  const taken = await context.database.maybe(sql`
    update provider_accounts set access_token_minting_by = ${id}, access_token_minting_until = ${later(now, leaseMs)}
    where id = ${account.id} and access_token is not distinct from ${account.access_token}
      and (access_token_minting_until is null or access_token_minting_until <= ${now})
    returning id`)
  return taken ? { account, id } : undefined
}

async function extend(context: Context, { account, id }: Lease): Promise<void> {
  const until = later(context.clock.now(), leaseMs)
  await context.database.query(sql`
    update provider_accounts set access_token_minting_until = ${until}
    where id = ${account.id} and access_token_minting_by = ${id}`)
}

const ended = sql`access_token_minting_by = null, access_token_minting_until = null`

async function release(context: Context, { account, id }: Lease): Promise<void> {
  await context.database.query(
    sql`update provider_accounts set ${ended} where id = ${account.id} and access_token_minting_by = ${id}`,
  )
}

// Only under the lease: whoever was taken for dead has a token that the next one has ended.
async function keep(context: Context, { account, id }: Lease, token: Token): Promise<void> {
  const place = boundTo(account.merchant_id, account.id, 'access_token')
  const sealed = seal(context.config.secretKeys, 'credentials', place, token.value)
  await context.database.query(sql`
    update provider_accounts set access_token = ${sealed}, access_token_expires_at = ${token.expiresAt}, ${ended}
    where id = ${account.id} and access_token_minting_by = ${id}`)
}
