/** What stands on a poster, each in Swahili and in English: whoever stands before it chooses nothing. */
export const posterWords = {
  pay: ['Lipa kwa M-PESA', 'Pay with M-PESA'],
  pay_ecitizen: ['Lipa kupitia eCitizen', 'Pay through eCitizen'],
  scan: ['Skani kwa kamera ya simu', 'Scan with your phone’s camera'],
  scan_mpesa: ['Skani kwa app ya M-PESA', 'Scan with the M-PESA app'],
  by_hand: ['Au lipa bila kuskani', 'Or pay without scanning'],
  menu_paybill: 'Lipa na M-PESA › Pay Bill',
  menu_till: 'Lipa na M-PESA › Buy Goods',
  paybill: ['Nambari ya biashara', 'Business number'],
  till: ['Nambari ya till', 'Till number'],
  account: ['Akaunti', 'Account number'],
  amount: ['Kiasi', 'Amount'],
  any_amount: ['Kiasi chochote', 'Any amount'],
  test: ['Majaribio: si pesa halisi', 'A test: no real money'],
} as const
