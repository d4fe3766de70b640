import { later } from '../clock.ts'
import { dayMs } from '../day.ts'
import type { Context } from '../context.ts'
import { isOfAnotherKey } from '../database/sealed.ts'
import { join, raw, sql } from '../database/sql.ts'
import { sealedTables } from '../rotation/sealed-tables.ts'
import { keyId } from '../secret.ts'
import { examineAddresses } from './addresses.ts'
import { examineBackups } from './backups.ts'
import { examineCertificates } from './certificates.ts'
import { accountsInUse } from './concerned.ts'
import type { InUse } from './concerned.ts'
import { examineCredentials } from './credentials.ts'
import { examineEcitizen } from './ecitizen.ts'
import { finding, findingOf, look } from './finding.ts'
import type { Finding } from './finding.ts'
import { examineLately } from './lately.ts'
import { examineOutside } from './outside.ts'

/** What may be looked at beside the database: the network, if it is to be asked, and the folder `certs/`. */
export type Reach = { ask?: boolean; certificates?: string }

const skewMsMax = 5_000

/** Looks at what must be right before real money may come: clock, key, addresses, certificates, accounts, backups. */
export async function examineReadiness(context: Context, { ask = false, certificates }: Reach): Promise<Finding[]> {
  const accounts = await accountsInUse(context)
  return [
    await examineClock(context),
    await examineKey(context, accounts),
    await examineReplaced(context),
    ...examineAddresses(context.config, accounts),
    ...(await examineOutside(context, accounts, { ask })),
    ...(await examineLately(context, accounts.atSafaricom)),
    ...examineCredentials(context, accounts),
    ...(await examineEcitizen(context, accounts.atEcitizen, { ask })),
    examineCertificates(certificates, context.clock.now()),
    await examineBackups(context),
    await examineMail(context),
  ]
}

async function examineClock(context: Context): Promise<Finding> {
  const [row] = await look<{ now: Date }>(context, sql`select clock_timestamp() as now`)
  const skewMs = Math.abs(row!.now.getTime() - context.clock.now().getTime())
  return finding(
    'the clocks of this machine and of the database agree',
    'Set both by NTP: what is due is judged by time.',
    skewMs > skewMsMax ? [`They differ by ${Math.round(skewMs / 1000)} s.`] : [],
  )
}

async function examineKey(context: Context, { sealed }: InUse): Promise<Finding> {
  const [row] = await look<{ value: string }>(
    context,
    sql`select value from settings where name = 'secret_key_fingerprint'`,
  )
  const { current, previous } = context.config.secretKeys
  const isKnown = !row || [current, ...previous].some((key) => keyId(key) === row.value)
  return finding(
    'the secret key is the one that this database was made with',
    'Set LANGO_SECRET_KEY to that key: nothing that is sealed in the database opens with another.',
    [
      ...(isKnown ? [] : [`The database has ${row.value}, this machine ${keyId(current)}.`]),
      ...(sealed > 0 ? [`${sealed} ${sealed === 1 ? 'account does' : 'accounts do'} not open with it.`] : []),
    ],
  )
}

/** Looks at whether a key that is being replaced is still needed. */
async function examineReplaced(context: Context): Promise<Finding> {
  const { secretKeys } = context.config
  const counts = Object.values(sealedTables).map(
    (sealed) => sql`(select count(*) from ${raw(sealed.table)} where ${isOfAnotherKey(secretKeys, sealed)})`,
  )
  const [row] = await look<{ count: number; key: string }>(
    context,
    sql`select (${join(counts, sql` + `)})::int as count,
      (select value #>> '{}' from settings where name = 'secret_key_fingerprint') as key`,
  )
  const { count, key } = row!
  const isTaken = key === null || key === keyId(secretKeys.current)
  return finding(
    'everything is sealed with the present secret key',
    'When every node has the new key as LANGO_SECRET_KEY, run lango secret reseal.',
    [
      ...(isTaken ? [] : [`The key ${key} is being replaced by ${keyId(secretKeys.current)}.`]),
      ...(count > 0 ? [`${count} rows are sealed with another key.`] : []),
    ],
  )
}

/** Looks at whether mail goes out. The address of the server is told without its password. */
async function examineMail(context: Context): Promise<Finding> {
  const { smtpUrl } = context.config
  const [row] = await look<{ count: number }>(
    context,
    sql`select count(*)::int as count from mails where status in ('waiting', 'failed') and last_error is not null
      and created_at > ${later(context.clock.now(), -dayMs)}`,
  )
  const troubled = row?.count ?? 0
  return findingOf(
    'mail is sent, and somebody is told of what needs attention',
    'Set SMTP_URL to a server that takes mail. Run lango doctor daily, and have somebody told when its exit code is 1.',
    troubled > 0 ? { wrong: [`${troubled} of the mails of the last day could not be sent.`] } : {},
    smtpUrl
      ? {
          unknown: [`Mail to payers goes by ${new URL(smtpUrl).host}; of what needs attention nobody is told by mail.`],
        }
      : { unknown: ['No SMTP server is set: mail to payers is kept, and owners read it at /outbox.'] },
  )
}
