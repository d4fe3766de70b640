/** The languages in which Lango speaks to people. */
export const languages = ['en', 'sw'] as const
export type Language = (typeof languages)[number]
