import type { Context } from '../context.ts'
import { columns } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import type { Queryable } from '../database/sql.ts'
import { newId } from '../id.ts'

/** A letter as it is sent, as the database holds it. */
export type Mail = {
  merchant_id: string
  id: string
  kind: 'payment_complete'
  /** What it is about: of one thing nobody is told twice. */
  subject_id: string
  recipient: string
  /** The name of the business in whose name it comes. */
  sender: string
  reply_to: string | null
  subject: string
  body_text: string
  body_html: string
  status: 'waiting' | 'sent' | 'kept' | 'failed'
  attempts: number
  last_error: string | null
  send_at: Date | null
  sent_at: Date | null
  created_at: Date
}

export type NewMail = Pick<
  Mail,
  'merchant_id' | 'kind' | 'subject_id' | 'recipient' | 'sender' | 'reply_to' | 'subject' | 'body_text' | 'body_html'
>

/** Puts a letter where a sweep sends it, in the transaction of what it tells. Of one thing it is put there once. */
export async function putMail(queryable: Queryable, { clock }: Context, mail: NewMail): Promise<void> {
  const now = clock.now()
  await queryable.query(sql`
    insert into mails ${columns<Omit<Mail, 'attempts' | 'last_error' | 'sent_at'>>({
      ...mail,
      sender: onOneLine(mail.sender),
      subject: onOneLine(mail.subject).slice(0, 200),
      id: newId(now),
      status: 'waiting',
      send_at: now,
      created_at: now,
    })}
    on conflict (merchant_id, kind, subject_id) do nothing`)
}

/** The latest letters of a merchant, newest first. */
export function listMails({ database }: Context, merchant_id: string): Promise<Mail[]> {
  return database.query<Mail>(sql`select * from mails where merchant_id = ${merchant_id} order by id desc limit 100`)
}

/** A text that no header of a mail is ended by. */
function onOneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim()
}
