import { formatNairobi } from '@lango/daraja'
import { actionWords } from '../access/action-words.ts'
import type { AuditRow } from '../access/audit.ts'
import type { Context } from '../context.ts'
import type { Sweep } from '../database/due.ts'
import { eachDue } from '../database/each-due.ts'
import { everywhere } from '../database/everywhere.ts'
import { sql } from '../database/sql.ts'
import { parseId } from '../id.ts'
import { writeLetter } from '../mail/letter.ts'
import type { Fact } from '../mail/letter.ts'
import { putMail } from '../mail/mail.ts'
import { findMerchants } from '../merchants/merchant.ts'
import { namesOf } from '../people/names.ts'
import { showDay } from '../web/parts/time.ts'
import { sayDetails } from './say-details.ts'

const batchSize = 50

/** Tells every owner of a business what grave was done in it, and the person whom it was done to: whoever did it cannot keep it from them. */
export const tellOwners: Sweep = {
  name: 'owners',
  everyMs: 5_000,
  async run(context) {
    const due = await everywhere<AuditRow>(
      context.database,
      sql`select * from audit_log where mail_at <= ${context.clock.now()} order by mail_at limit ${batchSize}`,
    )
    return eachDue(context, due, { table: 'audit_log', due: 'mail_at' }, (act) => tell(context, act))
  },
}

type Reader = { id: string; email: string; name: string }

/** Safe to repeat: of one act each reader has one letter. */
async function tell(context: Context, act: AuditRow): Promise<void> {
  const { merchant_id, id } = act
  const [merchant] = await findMerchants(context, [merchant_id])
  const readers = await readersOf(context, act)
  const letter = merchant && (await letterOf(context, act, { readers, business: merchant.name }))
  await context.database.transaction(async (transaction) => {
    await transaction.query(sql`update audit_log set mail_at = null where merchant_id = ${merchant_id} and id = ${id}`)
    if (!letter) return
    for (const { email: recipient } of readers)
      await putMail(transaction, context, { merchant_id, kind: 'grave_act', subject_id: id, recipient, ...letter })
  })
}

function readersOf({ database }: Context, { merchant_id, subject }: AuditRow): Promise<Reader[]> {
  const concerned = subject ? (parseId('usr', subject) ?? null) : null
  return database.query<Reader>(sql`
    select id, email, name from users u where id = ${concerned} or exists (select from memberships m
      where m.merchant_id = ${merchant_id} and m.user_id = u.id and m.role = 'owner') order by id`)
}

async function letterOf(
  context: Context,
  { actor, action, subject, at, details }: AuditRow,
  { readers, business }: { readers: Reader[]; business: string },
) {
  const nameOf = await namesOf(context, [actor])
  const concerned = readers.find(({ id }) => subject && id === parseId('usr', subject))
  const what = `${nameOf(actor)} ${actionWords(action)}`
  const letter = await writeLetter({
    language: 'en',
    from: business,
    heading: what,
    sentences: [`This was done at ${business}, and every owner is told of it.`],
    facts: [
      ['When', `${showDay(at, 'en')}, ${formatNairobi(at, 'HH:mm')}`],
      ['Who', nameOf(actor)],
      ['Whom', concerned ? `${concerned.name}, ${concerned.email}` : ''],
      ...sayDetails(details).map(([name, value]): Fact => [name.charAt(0).toUpperCase() + name.slice(1), value]),
    ],
    action: { words: 'See what else was done', url: `${context.config.publicUrl}/audit` },
    foot: [
      'If nobody at your business meant to do this: sign in, take another password, see under Team who is there, and remove whoever should not be.',
    ],
  })
  return { sender: 'Lango', reply_to: null, subject: `${business}: ${what}`, ...letter }
}
