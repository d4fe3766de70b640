/** A callback that waits: until its time, or until a later one has been delivered. */
export type HeldCallback = { until: Date; untilAnother: boolean; release(go: 'send' | 'drop'): void }
