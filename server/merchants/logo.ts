import { createHash } from 'node:crypto'
import { writeAudit } from '../access/audit.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { showId } from '../id.ts'
import { Problem } from '../problem.ts'
import { readImage } from './image.ts'
import type { Image } from './image.ts'

/** A merchant's logo, as the database holds it. */
export type Logo = Image & { merchant_id: string; bytes: Buffer; version: string }

const logoBytesMax = 64 * 1024
const sideMax = 1024

/** Keeps a picture as a merchant's logo, in the place of the one before. @throws a Problem for what is none, or too large. */
export async function putLogo(context: Context, merchant_id: string, bytes: Buffer): Promise<Logo> {
  const image = readImage(bytes)
  if (!image)
    throw new Problem(
      'invalid_request',
      'A logo is a PNG, a JPEG or a WebP. Send the picture itself as the body.',
      'logo',
    )
  if (bytes.length > logoBytesMax)
    throw new Problem(
      'body_too_large',
      `A logo has at most 64 KB, for a payer on a slow network waits for every one of them. Save it smaller: 256 by 256 pixels are plenty.`,
      'logo',
    )
  if (image.width > sideMax || image.height > sideMax || image.width === 0 || image.height === 0)
    throw new Problem('invalid_request', `A logo has at most ${sideMax} by ${sideMax} pixels. Save it smaller.`, 'logo')
  const logo = { ...image, merchant_id, bytes, version: createHash('sha256').update(bytes).digest('hex').slice(0, 12) }
  await context.database.transaction(async (transaction) => {
    await transaction.query(sql`
      insert into merchant_logos (merchant_id, type, width, height, bytes, version, updated_at)
      values (${merchant_id}, ${logo.type}, ${logo.width}, ${logo.height}, ${bytes}, ${logo.version}, ${context.clock.now()})
      on conflict (merchant_id) do update set type = excluded.type, width = excluded.width, height = excluded.height,
        bytes = excluded.bytes, version = excluded.version, updated_at = excluded.updated_at`)
    const { type, width, height } = image
    await writeAudit(transaction, context, {
      merchant_id,
      action: 'merchant.logo_changed',
      subject: showId('mer', merchant_id),
      details: { type, width, height, bytes: bytes.length },
    })
  })
  return logo
}

/** Takes a merchant's logo away. Safe to repeat. */
export async function removeLogo(context: Context, merchant_id: string): Promise<void> {
  await context.database.transaction(async (transaction) => {
    const gone = await transaction.maybe(sql`delete from merchant_logos where merchant_id = ${merchant_id} returning 1`)
    if (gone)
      await writeAudit(transaction, context, {
        merchant_id,
        action: 'merchant.logo_removed',
        subject: showId('mer', merchant_id),
      })
  })
}

/** A merchant's logo; undefined where there is none. */
export function findLogo({ database }: Context, merchant_id: string): Promise<Logo | undefined> {
  return database.maybe<Logo>(
    sql`select merchant_id, type, width, height, bytes, version from merchant_logos where merchant_id = ${merchant_id}`,
  )
}

/** Where a logo is shown from, without the address of the server: another picture has another one. */
export function logoPath({ merchant_id, version }: Pick<Logo, 'merchant_id' | 'version'>): string {
  return `/web/logo/${showId('mer', merchant_id)}?v=${version}`
}
