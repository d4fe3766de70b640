import { keyId } from '../secret.ts'
import type { SecretKeys } from '../secret.ts'
import { raw, sql } from './sql.ts'
import type { Sql } from './sql.ts'

/** True in SQL where another key than the present one sealed what this column holds. The name of its key stands first in it. */
export function isOfAnotherKey({ current }: SecretKeys, column: string): Sql {
  return sql`coalesce(substr(${raw(column)}, 1, 4) <> ${Buffer.from(keyId(current), 'hex')}::bytea, false)`
}
