/** What the operations of the API are about, in the order in which a reader meets them. */
export const tags: { name: string; description: string }[] = [
  { name: 'Payments', description: 'To ask a payer to pay, and to know what became of it.' },
  { name: 'Invoices', description: 'What customers owe, and what of it is paid.' },
  { name: 'Payment links', description: 'Pages at which anybody pays.' },
  { name: 'Money in', description: 'What arrived, by receipt, and whose it is.' },
  { name: 'Refunds', description: 'Money that goes back.' },
  { name: 'Payouts', description: 'Money that goes out, alone and in batches.' },
  { name: 'Attention', description: 'All that needs a person.' },
  { name: 'Events', description: 'What was told, to whom, and how it went.' },
  { name: 'Webhook endpoints', description: 'Who is to be told.' },
  { name: 'Webhook listeners', description: 'Who fetches what they are to be told.' },
  { name: 'Reconciliation', description: "M-PESA's records against the books." },
  { name: 'C2B', description: 'What customers send of their own accord.' },
  { name: 'M-Pesa', description: 'What else the owner of a paybill or till needs.' },
  { name: 'Merchant', description: 'The business itself, and its accounts with providers.' },
  { name: 'Keys', description: 'Who may call the API.' },
  { name: 'Audit', description: 'Who did what.' },
]
