/** What somebody has just done, in the words that the next page says once. The address carries only which of them. */
export const doneWords = {
  checked: 'M-Pesa was asked. What it answered is below.',
  refunded: 'The refund is on its way. M-Pesa tells what becomes of it.',
  told: 'It is being sent to your shop again.',
  resolved: 'Noted, under your name.',
  assigned: 'The money has its payment.',
  approved: 'Approved. It is on its way.',
  rejected: 'Rejected. Nothing was sent.',
  sent: 'The payout is on its way.',
  waits: 'The payouts wait for a second person to approve them.',
  compared: 'The books were compared with M-Pesa’s.',
  asked: 'The phone is ringing.',
  yours: 'It is theirs.',
} as const

export type Done = keyof typeof doneWords

/** What the address says was done, if it is one of these. */
export function readDone(text: string | undefined): Done | undefined {
  return text !== undefined && Object.hasOwn(doneWords, text) ? (text as Done) : undefined
}
