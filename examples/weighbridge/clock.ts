/** What time it is. All else here is told, so that a test can tell it. */
export type Now = () => Date

export const systemNow: Now = () => new Date()
