/** What somebody has just done, in the words that the next page says once. The address carries only which of them. */
export const doneWords = {
  checked: 'It was asked. What it answered is below.',
  refunded: 'The refund is on its way. M-Pesa tells what becomes of it.',
  told: 'It is being sent to your shop again.',
  invoiced: 'Made. Send its link to who is to pay it.',
  linked: 'Made. Its QR code is below.',
  resumed: 'On again, at the same address.',
  ended: 'Off. Nobody begins a payment there any longer.',
  posted: 'It goes to its customer by mail.',
  voided: 'Void. Nobody owes it any longer.',
  recorded: 'Recorded. It counts when another of you agrees.',
  agreed: 'Agreed. The invoice has it.',
  outside_rejected: 'Rejected. It pays nothing.',
  withdrawn: 'Withdrawn. The invoice owes it again.',
  credited: 'The credit was put to the other invoice.',
  resolved: 'Noted, under your name.',
  assigned: 'The money has its payment.',
  approved: 'Approved. It is on its way.',
  rejected: 'Rejected. Nothing was sent.',
  sent: 'The payout is on its way.',
  payout_waits: 'It waits for a second person to approve it.',
  waits: 'The payouts wait for a second person to approve them.',
  compared: 'The books were compared with M-Pesa’s.',
  asked: 'The phone is ringing.',
  yours: 'It is theirs.',
  revoked: 'Revoked. It opens nothing any more.',
  account_kept: 'Kept. Test it, to be sure.',
  sent_again: 'It is being sent again.',
  endpoint_kept: 'Kept. Send a test event, to be sure.',
  told_again: 'It is told again from now on.',
  told_nothing: 'It is told nothing any more.',
  deleted: 'Deleted. What it was told stays on record.',
  limits_kept: 'Kept. They hold from now on.',
  payouts_off: 'Nothing is sent any more.',
  business_kept: 'Kept.',
  reports_kept: 'Kept. The next one comes in the morning.',
  taken_back: 'Taken back. Its link leads nowhere any more.',
  role_given: 'They have the role from their next step on.',
  removed: 'Removed. They see nothing here any more.',
  password_changed: 'You have the new password, and your other sessions ended.',
  second_factor_ended: 'The code is asked for no longer.',
  session_ended: 'Ended. Whoever was there has to sign in again.',
} as const

export type Done = keyof typeof doneWords

/** What the address says was done, if it is one of these. */
export function readDone(text: string | undefined): Done | undefined {
  return text !== undefined && Object.hasOwn(doneWords, text) ? (text as Done) : undefined
}
