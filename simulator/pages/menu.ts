/** Where a phone stands in the SIM menu. The PIN is in no state but the last, on its way out. */
export type Menu =
  | { screen: 'closed' }
  | { screen: 'mpesa' }
  | { screen: 'lipa' }
  | { screen: 'ask'; step: Step; entered: Entered; complaint: string | null }
  | { screen: 'sending'; payment: { shortcode: string; amount: number; reference?: string; pin: string } }

export type Step = 'shortcode' | 'reference' | 'amount' | 'pin'

/** What was typed so far. A till asks for no account number. */
export type Entered = { way: 'paybill' | 'till'; shortcode: string; reference: string; amount: string }

/** A press of a key. *Enter* says which question its text answers, so that a second press answers no other. */
export type Key = { name: string; step?: string; text?: string }

export const closed: Menu = { screen: 'closed' }

const steps: Record<Entered['way'], Step[]> = {
  paybill: ['shortcode', 'reference', 'amount', 'pin'],
  till: ['shortcode', 'amount', 'pin'],
}

/** The menu after a key. A key that the screen does not have changes nothing. */
export function press(menu: Menu, key: Key): Menu {
  if (key.name === 'close') return closed
  switch (menu.screen) {
    case 'closed':
      return key.name === 'open' ? { screen: 'mpesa' } : menu
    case 'mpesa':
      if (key.name === 'back') return closed
      return key.name === 'lipa' ? { screen: 'lipa' } : menu
    case 'lipa':
      if (key.name === 'back') return { screen: 'mpesa' }
      return key.name === 'paybill' || key.name === 'till' ? firstQuestion(key.name) : menu
    case 'ask':
      if (key.name === 'back') return questionBefore(menu)
      return key.name === 'enter' && key.step === menu.step ? enter(menu, (key.text ?? '').trim()) : menu
    case 'sending':
      return menu
  }
}

type Asking = Extract<Menu, { screen: 'ask' }>

const ask = (step: Step, entered: Entered, complaint: string | null = null): Asking => ({
  screen: 'ask',
  step,
  entered,
  complaint,
})

const firstQuestion = (way: Entered['way']): Menu => ask('shortcode', { way, shortcode: '', reference: '', amount: '' })

function questionBefore({ step, entered }: Asking): Menu {
  const before = steps[entered.way][steps[entered.way].indexOf(step) - 1]
  return before === undefined ? { screen: 'lipa' } : ask(before, entered)
}

function enter({ step, entered }: Asking, text: string): Menu {
  const complaint = complaintAbout(step, text)
  if (complaint !== null) return ask(step, step === 'pin' ? entered : { ...entered, [step]: text }, complaint)
  const { way, shortcode, reference, amount } = entered
  if (step === 'pin') {
    const payment = { shortcode, amount: Number(amount), ...(way === 'paybill' && { reference }), pin: text }
    return { screen: 'sending', payment }
  }
  const next = steps[way][steps[way].indexOf(step) + 1] ?? 'pin'
  return ask(next, { ...entered, [step]: text })
}

function complaintAbout(step: Step, text: string): string | null {
  switch (step) {
    case 'shortcode':
      return /^\d{5,7}$/.test(text) ? null : 'The number has 5 to 7 digits.'
    case 'reference':
      return text !== '' && text.length <= 20 ? null : 'The account number has 1 to 20 characters.'
    case 'amount':
      return /^[1-9]\d{0,8}$/.test(text) ? null : 'Enter whole shillings, 1 or more.'
    case 'pin':
      return /^\d{4}$/.test(text) ? null : 'The PIN has four digits.'
  }
}
