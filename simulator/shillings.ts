/** Rounds to whole cents, so that sums of shillings do not drift. */
export const shillings = (amount: number): number => Math.round(amount * 100) / 100
