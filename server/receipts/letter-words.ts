import type { Words } from '../web/language.ts'

/** Every word of the letter that tells a payer that they have paid. */
export const letterWords = {
  heading: ['Paid. Asante!', 'Imelipwa. Asante!'],
  lead: ['{merchant} has received your payment.', '{merchant} imepokea malipo yako.'],
  amount: ['Amount', 'Kiasi'],
  for: ['For', 'Malipo ya'],
  code: ['M-Pesa code', 'Msimbo wa M-Pesa'],
  code_pesaflow: ['eCitizen reference', 'Nambari ya eCitizen'],
  code_follows: ['follows shortly', 'utafuata punde'],
  when: ['Paid', 'Kulipwa'],
  number: ['Receipt', 'Risiti'],
  see: ['See the receipt', 'Ona risiti'],
  test: ['Test', 'Majaribio'],
  no_money: ['no real money moved', 'hakuna pesa halisi iliyohama'],
} as const satisfies Words
