/** That M-Pesa took a question whose answer comes later, in its own words. */
export type Acceptance = {
  OriginatorConversationID: string
  ConversationID: string
  ResponseCode: '0'
  ResponseDescription: string
}
