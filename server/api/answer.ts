import { z } from '@hono/zod-openapi'

/** The schema of a successful answer. */
export function success<Schema extends z.ZodType>(data: Schema, description: string) {
  const schema = z.object({
    success: z.literal(true),
    data,
    meta: z.object({ warnings: z.array(z.string()).optional() }).optional(),
  })
  return { content: { 'application/json': { schema } }, description }
}

/** A successful answer. */
export function succeeded<Data>(data: Data) {
  return { success: true as const, data }
}
