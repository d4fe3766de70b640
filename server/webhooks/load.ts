/** How much a node is posting at the moment: to each endpoint, and in all. */
export type Load = {
  /** How many more posts may begin. */
  room(): number
  /** The endpoints that are being posted to or were, and how many more posts each of them may be given. */
  endpoints(): { endpoint_id: string; free: number }[]
  begin(endpointId: string): void
  end(endpointId: string, durationMs: number): void
}

const underWayMax = 512
const limitMax = 128
const quickMs = 1_000

/** What an endpoint is given at once while nothing is known of it, or when it is slow. */
export const limitAtFirst = 8

/**
 * Keeps count. An endpoint that answers quickly is given more and more at once, and one that does not is set back,
 * so that a slow shop holds up nobody else.
 */
export function createLoad(): Load {
  const endpoints = new Map<string, { underWay: number; limit: number }>()
  let underWay = 0
  return {
    room: () => underWayMax - underWay,
    endpoints: () =>
      [...endpoints].map(([endpoint_id, its]) => ({ endpoint_id, free: Math.max(0, its.limit - its.underWay) })),
    begin(endpointId) {
      underWay++
      const its = endpoints.get(endpointId)
      if (its) its.underWay++
      else endpoints.set(endpointId, { underWay: 1, limit: limitAtFirst })
    },
    end(endpointId, durationMs) {
      underWay--
      const its = endpoints.get(endpointId)!
      its.underWay--
      its.limit = durationMs < quickMs ? Math.min(its.limit + 1, limitMax) : limitAtFirst
      // Who has nothing under way and no limit of their own is as good as unknown.
      if (its.underWay === 0 && its.limit === limitAtFirst) endpoints.delete(endpointId)
    },
  }
}
