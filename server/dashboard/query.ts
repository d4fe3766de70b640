import type { Context as HonoContext } from 'hono'
import { z } from 'zod'
import { parseId } from '../id.ts'
import type { Prefix } from '../id.ts'
import { Problem } from '../problem.ts'
import { asSentence } from './form.ts'

/** What an address asks a list for: what of it holds, what was typed, and what is wrong with that. */
export type Query<Filter> = {
  filter: Filter
  typed: Record<string, string>
  wrong: Record<string, string>
  /** The last id of the page before. */
  before: string | undefined
}

/** Reads the filter of a list from an address. What cannot be read is told, and narrows nothing. */
export function readQuery<Shape extends z.ZodRawShape>(
  c: HonoContext,
  shape: Shape,
  prefix?: Prefix,
): Query<Partial<z.output<z.ZodObject<Shape>>>> {
  const filter: Record<string, unknown> = {}
  const typed: Record<string, string> = {}
  const wrong: Record<string, string> = {}
  for (const [name, schema] of Object.entries(shape)) {
    const text = c.req.query(name)?.trim()
    if (!text) continue
    typed[name] = text
    const read = z.safeParse(schema, text)
    if (read.success) filter[name] = read.data
    else wrong[name] = unreadable(name, text, read.error.issues[0]!)
  }
  const cursor = c.req.query('cursor')
  const before = prefix && cursor ? parseId(prefix, cursor) : undefined
  return { filter: filter as Partial<z.output<z.ZodObject<Shape>>>, typed, wrong, before }
}

/** Why a part of an address narrows nothing, for a person: it was typed by hand, or cut off on its way. */
function unreadable(name: string, text: string, { code, message }: z.core.$ZodIssue): string {
  const quoted = `“${text.slice(0, 40)}”`
  if (name === 'since' || name === 'until') return `${quoted} is no day. A day is written as 2026-11-25.`
  return code === 'invalid_value' ? `${quoted} is none of what there is to choose from.` : asSentence(message)
}

/** Reads the filter of a file, which has no place to tell beside its rows what could not be read. @throws a Problem that does. */
export function readFilter<Shape extends z.ZodRawShape>(
  c: HonoContext,
  shape: Shape,
): Partial<z.output<z.ZodObject<Shape>>> {
  const { filter, wrong } = readQuery(c, shape)
  for (const [name, sentence] of Object.entries(wrong)) throw new Problem('invalid_request', sentence, name)
  return filter
}

/** A path with parameters, without those that are empty. */
export function pathWith(path: string, parameters: Record<string, string | undefined>): string {
  const given = Object.entries(parameters).filter((entry): entry is [string, string] => Boolean(entry[1]))
  return given.length > 0 ? `${path}?${new URLSearchParams(given)}` : path
}

/** Parameters without one of them. */
export function without(parameters: Record<string, string>, name: string): Record<string, string> {
  const { [name]: _, ...rest } = parameters
  return rest
}
