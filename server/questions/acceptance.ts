import { z } from '@hono/zod-openapi'
import type { Acknowledged } from '../providers/outcome.ts'

/** That M-Pesa took a question whose answer comes by callback, in the names that Daraja gives it. */
export const acceptance = z
  .object({
    OriginatorConversationID: z.string(),
    ConversationID: z.string(),
    ResponseCode: z.literal('0'),
    ResponseDescription: z.string(),
  })
  .openapi('Acceptance')

export function presentAcceptance(taken: Acknowledged): z.infer<typeof acceptance> {
  return {
    OriginatorConversationID: taken.originator_conversation_id,
    ConversationID: taken.conversation_id,
    ResponseCode: '0',
    ResponseDescription: taken.message,
  }
}
