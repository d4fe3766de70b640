import type { Words } from '../web/language.ts'

/** Every word of the letter that tells a payer that their money went back. */
export const letterWords = {
  subject: ['{amount} returned to you by {merchant}', '{merchant} imekurudishia {amount}'],
  heading: ['Your money was returned', 'Umerudishiwa pesa'],
  lead: [
    '{merchant} has returned this to the M-PESA of the phone that paid.',
    '{merchant} imerudisha kiasi hiki kwenye M-PESA ya simu iliyolipa.',
  ],
  amount: ['Returned', 'Kimerudishwa'],
  of: ['Of the payment of', 'Kati ya malipo ya'],
  for: ['For', 'Malipo ya'],
  payment_code: ['Code of the payment', 'Msimbo wa malipo'],
  code: ['Code of the return', 'Msimbo wa kurudishiwa'],
  when: ['Returned', 'Kurudishwa'],
  test: ['Test', 'Majaribio'],
  no_money: ['no real money moved', 'hakuna pesa halisi iliyohama'],
  look: [
    'Look at the messages of M-PESA on that phone: one of them says so too.',
    'Angalia ujumbe wa M-PESA kwenye simu hiyo: nao unasema hivyo.',
  ],
} as const satisfies Words
