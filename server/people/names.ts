import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { parseId } from '../id.ts'

/** Who did something, in words: the name of a person or of a key; `lango` and `payer` speak for themselves. */
export type NameOf = (actor: string) => string

/** Finds the names of these actors. */
export async function namesOf({ database }: Context, actors: string[]): Promise<NameOf> {
  const ids = (prefix: 'usr' | 'key') =>
    actors.flatMap((actor) => parseId(prefix, actor.slice(actor.indexOf(':') + 1)) ?? [])
  const [users, keys] = [ids('usr'), ids('key')]
  if (users.length + keys.length === 0) return wordsFor
  const rows = await database.query<{ id: string; name: string }>(sql`
    select id, name from users where id = any (${users}::uuid[])
    union all select id, 'the key “' || name || '”' from api_keys where id = any (${keys}::uuid[])`)
  const names = new Map(rows.map(({ id, name }) => [id, name]))
  return (actor) => {
    const given = actor.slice(actor.indexOf(':') + 1)
    const id = parseId('usr', given) ?? parseId('key', given)
    return (id && names.get(id)) ?? wordsFor(actor)
  }
}

function wordsFor(actor: string): string {
  if (actor === 'lango') return 'Lango itself'
  if (actor === 'payer') return 'a payer'
  return actor.startsWith('user:') ? 'somebody on the machine itself' : actor
}
