import { callbackBase } from '../callback-base.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import type { Account } from './account.ts'
import { hasTokenForm, makeToken } from '../token.ts'
import type { ProviderName } from '../providers/names.ts'
import type { TokenSubject } from '../token.ts'

type Kept = { provider: ProviderName; kind: 'c2b' | 'pull'; token: string; merchant_id: string; subject_id: string }

/** Whom a token names that is not proven by its MAC any more: it was handed out for good, and kept. */
export async function keptSubject(context: Context, token: string): Promise<TokenSubject | undefined> {
  return hasTokenForm(token) ? context.gather(findKept, token) : undefined
}

async function findKept(context: Context, tokens: string[]): Promise<(TokenSubject | undefined)[]> {
  const rows = await context.database.query<Kept>(sql.named`
    select 'c2b' as kind, c2b_token as token, merchant_id, id as subject_id, provider from provider_accounts where c2b_token = any (${tokens}::text[])
    union all
    select 'pull', pull_token, merchant_id, id, provider from provider_accounts where pull_token = any (${tokens}::text[])`)
  const subjects = new Map(rows.map(({ token, ...subject }) => [token, subject]))
  return tokens.map((token) => subjects.get(token))
}

/**
 * The token of an account that a provider is given once and uses for years. It is kept before it is handed out, and stays the
 * same when the installation's keys change.
 */
export async function keepToken(
  context: Context,
  { merchant_id, provider, id, c2b_token, pull_token }: Account,
  kind: Kept['kind'],
): Promise<string> {
  const known = kind === 'c2b' ? c2b_token : pull_token
  if (known) return known
  const made = makeToken(context.config.secretKeys, { merchant_id, provider, kind, subject_id: id })
  const now = context.clock.now()
  const { token } = await context.database.one<{ token: string }>(
    kind === 'c2b'
      ? sql`update provider_accounts set c2b_token = coalesce(c2b_token, ${made}), updated_at = ${now} where id = ${id} returning c2b_token as token`
      : sql`update provider_accounts set pull_token = coalesce(pull_token, ${made}), updated_at = ${now} where id = ${id} returning pull_token as token`,
  )
  return token
}

/** The URL with such a token. */
export function keptUrl(context: Context, token: string, channel: 'validation' | 'confirmation' | 'pull'): string {
  return `${callbackBase(context.config)}/v1/in/${token}/${channel}`
}
