import { createHash } from 'node:crypto'

/** The names by which the connections of one pool know statements that they have read and planned. */
export type Names = {
  /** The name of a text, the same each time; undefined for one that is run without. */
  nameOf(text: string): string | undefined
  /** A connection refused this name: the text gets another, or after several none. */
  lost(text: string, name: string): void
}

/** Each connection keeps a plan for each: more different texts than there can be by intent are a mistake, and run without a name. */
const textsMax = 256
/** A schema that changes under a node takes a name or two. Where more are lost, something in between cannot keep them. */
const lostMax = 8

export function createNames(): Names {
  const known = new Map<string, { hash: string; lost: number }>()
  return {
    nameOf(text) {
      let entry = known.get(text)
      if (!entry) {
        if (known.size >= textsMax) return undefined
        known.set(text, (entry = { hash: createHash('sha256').update(text).digest('base64url').slice(0, 22), lost: 0 }))
      }
      return entry.lost < lostMax ? nameBy(entry) : undefined
    },
    lost(text, name) {
      const entry = known.get(text)
      // Each connection that had it tells; the first one moves all to the next name.
      if (entry && nameBy(entry) === name) entry.lost++
    },
  }
}

function nameBy({ hash, lost }: { hash: string; lost: number }): string {
  return `lango_${hash}_${lost}`
}

/**
 * True when PostgreSQL refused a statement for its name, before anything of it was done: the table has changed so that the plan answers
 * other columns (0A000), or a pooler in between led to a connection that does not know the name (26000), or knows it from another (42P05).
 */
export function isNameLost(error: unknown): boolean {
  return ['0A000', '26000', '42P05'].includes((error as { code?: string }).code ?? '')
}
