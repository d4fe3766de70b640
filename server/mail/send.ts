import { createTransport } from 'nodemailer'
import { later } from '../clock.ts'
import type { Context } from '../context.ts'
import { rows } from '../database/columns.ts'
import type { Sweep } from '../database/due.ts'
import { eachDue } from '../database/each-due.ts'
import { everywhere } from '../database/everywhere.ts'
import { sql } from '../database/sql.ts'
import type { Mail } from './mail.ts'

const batchSize = 20
const atOnce = 4
const leaseMs = 10 * 60_000
const patienceMs = 20_000
const minuteMs = 60_000
/** How long after each attempt that failed the next one comes; after the last there is none. */
const pausesMs = [1, 5, 30, 120, 480, 1440].map((minutes) => minutes * minuteMs)

/** Sends what is due by the SMTP server of this installation. Without one it is kept, and read in the outbox. */
export const sendMails: Sweep = {
  name: 'mail',
  everyMs: 2_000,
  async run(context) {
    const mails = await claimDue(context)
    const { smtpUrl } = context.config
    if (smtpUrl === undefined) await keep(context, mails)
    else await sendAll(context, mails, smtpUrl)
    return mails.length
  },
}

function claimDue({ database, clock }: Context): Promise<Mail[]> {
  const now = clock.now()
  return everywhere<Mail>(
    database,
    sql.named`
    with due as (select merchant_id, id from mails where send_at <= ${now} order by send_at limit ${batchSize})
    update mails m set send_at = ${later(now, leaseMs)}, attempts = attempts + 1
    from due where m.merchant_id = due.merchant_id and m.id = due.id and m.send_at <= ${now} -- Asked again: another node may have been faster.
    returning m.*`,
  )
}

async function keep({ database }: Context, mails: Mail[]): Promise<void> {
  const names = mails.map(({ merchant_id, id }) => ({ merchant_id, id }))
  await database.query(sql`
    update mails set status = 'kept', send_at = null where (merchant_id, id) in
      (select merchant_id, id from ${rows(names, 'm', { merchant_id: 'uuid', id: 'uuid' })})`)
}

async function sendAll(context: Context, mails: Mail[], url: string): Promise<void> {
  if (mails.length === 0) return
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: atOnce,
    connectionTimeout: patienceMs,
    greetingTimeout: patienceMs,
    socketTimeout: patienceMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  try {
    await eachDue(context, mails, { table: 'mails', atOnce }, async (mail) => {
      const failure = await transport.sendMail(messageOf(context, mail)).then(() => undefined, toFailure)
      await (failure ? writeFailure(context, mail, failure) : writeSent(context, mail))
    })
  } finally {
    transport.close()
  }
}

function messageOf({ config, clock }: Context, mail: Mail) {
  return {
    from: { name: mail.sender, address: senderOf(config) },
    to: { name: '', address: mail.recipient },
    replyTo: mail.reply_to ? { name: '', address: mail.reply_to } : undefined,
    subject: mail.subject,
    text: mail.body_text,
    html: mail.body_html,
    attachments: mail.attachment
      ? [{ filename: mail.attachment_name!, content: mail.attachment, contentType: 'application/pdf' }]
      : [],
    date: clock.now(),
    // The same in every attempt: who gets it twice knows it for one.
    messageId: `<${mail.id}@lango>`,
    headers: { 'Auto-Submitted': 'auto-generated' },
  }
}

/** The address that mail comes from. */
function senderOf({ smtpFrom, publicUrl }: Context['config']): string {
  return smtpFrom ?? `lango@${new URL(publicUrl).hostname}`
}

type Failure = { why: string; isFinal: boolean }

/** What went wrong, without what the URL holds: the server's code, and for whom. Only a refusal of this very letter is final. */
function toFailure(error: { code?: string; responseCode?: number; command?: string }): Failure {
  const { code = 'unknown', responseCode, command } = error
  const isOfLetter = /^(RCPT TO|DATA)\b/.test(command ?? '')
  return {
    why: [code, responseCode, command?.split(' ')[0]].filter(Boolean).join(' '),
    isFinal: isOfLetter && responseCode !== undefined && responseCode >= 500,
  }
}

async function writeSent({ database, clock }: Context, { merchant_id, id }: Mail): Promise<void> {
  await database.query(sql`
    update mails set status = 'sent', sent_at = ${clock.now()}, send_at = null, last_error = null
    where merchant_id = ${merchant_id} and id = ${id} and status = 'waiting'`)
}

async function writeFailure({ database, clock, log }: Context, mail: Mail, { why, isFinal }: Failure): Promise<void> {
  const pauseMs = isFinal ? undefined : pausesMs[mail.attempts - 1]
  log.warn({ mail: mail.id, why, attempt: mail.attempts }, 'A mail could not be sent.')
  await database.query(sql`
    update mails set last_error = ${why}, status = ${pauseMs === undefined ? 'failed' : 'waiting'},
      send_at = ${pauseMs === undefined ? null : later(clock.now(), pauseMs)}
    where merchant_id = ${mail.merchant_id} and id = ${mail.id} and status = 'waiting'`)
}
