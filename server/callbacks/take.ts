import { problemBehind } from '../api/failure.ts'
import type { PostTaker } from '../api/plain-post.ts'
import type { Context } from '../context.ts'
import { tracedRequest } from '../tracing.ts'
import { channelNames } from './arrival.ts'
import type { Hear } from './hear.ts'

/** The addresses that we hand out. */
const handedOut = new RegExp(`^/v1/in/([0-9a-f]+)(?:/(?:${channelNames}))?$`)

/** Takes what is posted to the addresses that we hand out, by the shortest way: nearly all that providers tell. */
export function callbackTaker(context: Context, hear: Hear): PostTaker {
  const providers = Object.values(context.providers)
  return (path) => {
    const token = handedOut.exec(path)?.[1]
    if (token === undefined) return undefined
    return (post) =>
      tracedRequest('POST', post.header, async (tell) => {
        const answer = await hear(post, token, providers).catch((error: unknown) => problemBehind(context, error, path))
        tell({ status: answer.status, route: '/v1/in/:token' })
        return answer
      })
  }
}
