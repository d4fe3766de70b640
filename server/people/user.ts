import type { Context } from '../context.ts'
import { oneRow } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import type { Queryable } from '../database/sql.ts'
import { newId } from '../id.ts'
import type { Role } from '../access/role.ts'

/** A person who signs in. Their address is theirs alone in an installation. */
export type User = {
  id: string
  email: string
  name: string
  /** As argon2id writes it. */
  password: string
  created_at: Date
  /** What their authenticator app shares with us, sealed; it counts since they have shown a code of it. */
  totp_secret: Buffer | null
  totp_since: Date | null
}

/** A user as `lango users` lists them. */
export type ListedUser = Pick<User, 'id' | 'email' | 'name'> & { memberships: { merchant: string; role: Role }[] }

/** An e-mail address as it is kept and compared. Undefined for what is none. */
export function readEmail(text: string): string | undefined {
  const email = text.trim().toLowerCase()
  return email.length <= 254 && /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email) ? email : undefined
}

/** Keeps a new user, whose password is hashed already. */
export async function insertUser(
  queryable: Queryable,
  { clock }: Context,
  { email, name, password }: Pick<User, 'email' | 'name' | 'password'>,
): Promise<User> {
  const now = clock.now()
  return queryable.one<User>(sql`
    insert into users ${oneRow<Omit<User, 'totp_secret' | 'totp_since'>>({ id: newId(now), email, name, password, created_at: now })}
    returning *`)
}

/** The user with this address, as `readEmail` reads it. */
export function findUser({ database }: Context, email: string): Promise<User | undefined> {
  return database.maybe<User>(sql`select * from users where email = ${email}`)
}

/** The user of a session. */
export function userOf({ database }: Context, id: string): Promise<User> {
  return database.one<User>(sql`select * from users where id = ${id}`)
}

/** Every user of this installation, oldest first, with what they are to which business. */
export function listUsers({ database }: Context): Promise<ListedUser[]> {
  return database.query<ListedUser>(sql`
    select u.id, u.email, u.name, coalesce(
      (select jsonb_agg(jsonb_build_object('merchant', m.name, 'role', s.role) order by m.id)
       from memberships s join merchants m on m.id = s.merchant_id and m.deleted_at is null where s.user_id = u.id), '[]') as memberships
    from users u order by u.id`)
}

/** True as long as nobody can sign in. */
export async function hasNoUsers({ database }: Context): Promise<boolean> {
  const users = await database.query(sql`select 1 from users limit 1`)
  return users.length === 0
}
