/** Whose delivery is posted, and to which endpoint. */
export type Addressee = { merchant_id: string; endpoint_id: string }

/** How much a node is posting at the moment: to each endpoint, to those of each merchant, and in all. */
export type Load = {
  /** How many more posts may begin; and of these to endpoints that are not known to be quick. */
  room(): { inAll: number; unproven: number }
  /** Whether something that is due may have to wait until a post has ended. */
  isFull(): boolean
  /** The endpoints that are being posted to or were, and how many more posts each of them may be given. */
  endpoints(): { endpoint_id: string; free: number; is_quick: boolean; is_under_way: boolean }[]
  /** The merchants whose endpoints are being posted to, and how many more posts those that are not known to be quick may be given. */
  merchants(): { merchant_id: string; free: number }[]
  /** The endpoints that lately answered slowly, and how long each of them takes for one post after the other. */
  slow(): { endpoint_id: string; every_ms: number }[]
  begin(addressee: Addressee): void
  end(addressee: Addressee, durationMs: number): void
}

const inAllMax = 512
/** What is left is for those who answer quickly. */
const unprovenMax = 384
const limitMax = 128
const quickMs = 1_000

/** What an endpoint is given at once while nothing is known of it, or when it is slow. */
export const limitAtFirst = 8

/** What those endpoints of one merchant together are given at once that are not known to be quick. */
export const limitOfMerchant = 128

type Pace = { merchant_id: string; underWay: number; limit: number; everyMs: number }

const isQuick = ({ limit }: Pace) => limit > limitAtFirst
const underWayOf = (paces: Pace[]) => paces.reduce((sum, { underWay }) => sum + underWay, 0)

/**
 * Keeps count. An endpoint that answers quickly is given more and more at once, and one that does not is set back,
 * so that a slow shop holds up nobody else.
 */
export function createLoad(): Load {
  const endpoints = new Map<string, Pace>()
  const unproven = () => [...endpoints.values()].filter((pace) => !isQuick(pace))
  const room = () => ({
    inAll: inAllMax - underWayOf([...endpoints.values()]),
    unproven: Math.max(0, unprovenMax - underWayOf(unproven())),
  })
  const merchants = () =>
    [...Map.groupBy(unproven(), ({ merchant_id }) => merchant_id)].map(([merchant_id, paces]) => ({
      merchant_id,
      free: Math.max(0, limitOfMerchant - underWayOf(paces)),
    }))
  return {
    room,
    isFull: () =>
      Object.values(room()).includes(0) ||
      merchants().some(({ free }) => free === 0) ||
      [...endpoints.values()].some(({ underWay, limit }) => underWay >= limit),
    endpoints: () =>
      [...endpoints].map(([endpoint_id, pace]) => ({
        endpoint_id,
        free: Math.max(0, pace.limit - pace.underWay),
        is_quick: isQuick(pace),
        is_under_way: pace.underWay > 0,
      })),
    merchants,
    slow: () =>
      [...endpoints]
        .filter(([, { everyMs }]) => everyMs > 0)
        .map(([endpoint_id, { everyMs }]) => ({ endpoint_id, every_ms: everyMs })),
    begin({ merchant_id, endpoint_id }) {
      const pace = endpoints.get(endpoint_id) ?? { merchant_id, underWay: 0, limit: limitAtFirst, everyMs: 0 }
      endpoints.set(endpoint_id, pace)
      pace.underWay++
    },
    end({ endpoint_id }, durationMs) {
      const pace = endpoints.get(endpoint_id)!
      const wasQuick = durationMs < quickMs
      pace.underWay--
      pace.limit = wasQuick ? Math.min(pace.limit + 1, limitMax) : limitAtFirst
      pace.everyMs = wasQuick ? 0 : Math.round(durationMs / limitAtFirst)
      // An endpoint with nothing under way and no limit of its own is as good as unknown.
      if (pace.underWay === 0 && !isQuick(pace)) endpoints.delete(endpoint_id)
    },
  }
}
