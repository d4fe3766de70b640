/** A request as the bench prepares it. */
export type Prepared = { path: string; body: string }

/** What a load showed. */
export type Loaded = { perSecond: number; p50Ms: number; p99Ms: number }
