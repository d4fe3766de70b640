import type { Context } from '../context.ts'
import { oneRow } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import type { Queryable } from '../database/sql.ts'
import { newId } from '../id.ts'

/** A letter as it is sent, as the database holds it. */
export type Mail = {
  merchant_id: string
  id: string
  kind:
    | 'payment_complete'
    | 'invoice'
    | 'invoice_reminder'
    | 'refund_complete'
    | 'grave_act'
    | 'daily_summary'
    | 'monthly_statement'
  /** What it is about. */
  subject_id: string
  /** Which time this is: a day, another sending; empty for what is told once. Nobody has two letters of one. */
  occasion: string
  recipient: string
  /** The name of the business in whose name it comes. */
  sender: string
  reply_to: string | null
  subject: string
  body_text: string
  body_html: string
  attachment: Buffer | null
  attachment_name: string | null
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
> &
  Partial<Pick<Mail, 'occasion' | 'attachment' | 'attachment_name'>>

/** Puts a letter where a sweep sends it, in the transaction of what it tells. Of one occasion it is put there once for each reader. */
export async function putMail(queryable: Queryable, { clock }: Context, mail: NewMail): Promise<void> {
  const now = clock.now()
  await queryable.query(sql`
    insert into mails ${oneRow<Omit<Mail, 'attempts' | 'last_error' | 'sent_at'>>({
      occasion: '',
      attachment: null,
      attachment_name: null,
      ...mail,
      sender: onOneLine(mail.sender),
      subject: onOneLine(mail.subject).slice(0, 200),
      id: newId(now),
      status: 'waiting',
      send_at: now,
      created_at: now,
    })}
    on conflict (merchant_id, kind, subject_id, occasion, recipient) do nothing`)
}

/** A letter without what is attached to it. */
export type SeenMail = Omit<Mail, 'attachment'>

const seen = sql`select merchant_id, id, kind, subject_id, occasion, recipient, sender, reply_to, subject, body_text, body_html, attachment_name,
  status, attempts, last_error, send_at, sent_at, created_at from mails`

/** The latest letters of a merchant, newest first. */
export function listMails({ database }: Context, merchant_id: string): Promise<SeenMail[]> {
  return database.query<SeenMail>(sql`${seen} where merchant_id = ${merchant_id} order by id desc limit 100`)
}

/** The letters about one thing, the first one first. */
export function listMailsOf(
  { database }: Context,
  { merchant_id, kinds, subject_id }: { merchant_id: string; kinds: Mail['kind'][]; subject_id: string },
): Promise<SeenMail[]> {
  return database.query<SeenMail>(sql`
    ${seen} where merchant_id = ${merchant_id} and kind = any (${kinds}::text[]) and subject_id = ${subject_id} order by id limit 100`)
}

/** A text that no header of a mail is ended by. */
function onOneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim()
}
