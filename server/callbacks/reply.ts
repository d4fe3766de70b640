import type { ProviderReply } from '../providers/posted.ts'
import type { Provider } from '../providers/provider.ts'

/** What a provider is answered: that its body was taken, or a reply that it expects to this very body. */
export type Reply = 'accepted' | ProviderReply

/** A reply in the words of its provider. */
export function inWordsOf({ callbacks }: Provider, reply: Reply): ProviderReply {
  return reply === 'accepted' ? callbacks.accepted : reply
}
