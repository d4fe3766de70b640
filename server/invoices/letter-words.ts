import type { Words } from '../web/language.ts'

/** Every word of the letters that bring an invoice, or remind of it. */
export const letterWords = {
  subject_sent: ['Invoice {reference} from {merchant}', 'Ankara {reference} kutoka {merchant}'],
  heading_sent: ['Invoice {reference}', 'Ankara {reference}'],
  lead_sent: ['{merchant} has sent you an invoice.', 'Umetumiwa ankara na {merchant}.'],
  subject_before: [
    'Reminder: invoice {reference} is due on {day}',
    'Kumbusho: ankara {reference} ilipwe kufikia {day}',
  ],
  heading_before: ['Invoice {reference} is due soon', 'Ankara {reference} inakaribia kulipwa'],
  lead_before: [
    'It is to be paid by {day}. Here is what is left of it.',
    'Inapaswa kulipwa kufikia {day}. Hiki ndicho kiasi kilichobaki.',
  ],
  subject_due: ['Invoice {reference} is due today', 'Ankara {reference} inapaswa kulipwa leo'],
  heading_due: ['Invoice {reference} is due today', 'Ankara {reference} inapaswa kulipwa leo'],
  lead_due: ['Here is what is left of it.', 'Hiki ndicho kiasi kilichobaki.'],
  subject_after: ['Invoice {reference} was due on {day}', 'Ankara {reference} ilipaswa kulipwa kufikia {day}'],
  heading_after: ['Invoice {reference} is not paid yet', 'Ankara {reference} haijamalizwa kulipwa'],
  lead_after: [
    'It was to be paid by {day}. If something is in the way, answer this letter: {merchant} reads it.',
    'Ilipaswa kulipwa kufikia {day}. Kama kuna tatizo, jibu barua hii: {merchant} ataisoma.',
  ],
  greeting: ['Dear {name},', 'Habari {name},'],
  parts: ['You may pay it in parts.', 'Unaweza kulipa kwa awamu.'],
  left: ['Left to pay', 'Imebaki kulipwa'],
  altogether: ['Altogether', 'Jumla'],
  tax: ['Tax in it', 'Kodi iliyomo'],
  paid: ['Paid so far', 'Zilizolipwa hadi sasa'],
  by: ['To be paid by', 'Ilipwe kufikia'],
  invoice: ['Invoice', 'Ankara'],
  for: ['For', 'Malipo ya'],
  more: ['And {count} more', 'Na nyingine {count}'],
  see: ['See the invoice, and pay', 'Ona ankara, na ulipe'],
  crossed: [
    'Have you just paid? Then this letter and your payment have crossed, and there is nothing to do.',
    'Umeshalipa? Basi barua hii na malipo yako vimepishana, na huna la kufanya.',
  ],
  pin: [
    'You type your M-PESA PIN on your phone only, never on a page and never to anybody who asks for it.',
    'PIN yako ya M-PESA unaiandika kwenye simu yako tu, kamwe si kwenye ukurasa wala kwa mtu yeyote anayeiomba.',
  ],
  test: ['Test', 'Majaribio'],
  no_money: ['no real money is asked for', 'hakuna pesa halisi inayoombwa'],
} as const satisfies Words
