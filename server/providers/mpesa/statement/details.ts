import { isNothing, textOf } from './cell.ts'
import type { Cell } from './cell.ts'
import { nobody, numberForm, readParty } from './party-cell.ts'
import type { Party } from './party-cell.ts'

/** What M-Pesa tells of a movement in one sentence: `Pay Bill Online from 254712345678 - AMINA Acc. INV-204`. */
export type Details = {
  /** The words with which M-Pesa begins, before anything that a person could have written. */
  words: string
  /** True where the words are surely M-Pesa's: a party follows them, or they name two accounts of an organisation. */
  areOfMpesa: boolean
  party: Party
  account: string | null
  /** All but the account, which the payer typed. */
  told: string
}

/** As M-Pesa itself writes it; a name in capitals may have the same letters. */
const mpesasAccountForm = /(?:^|\s)Acc\.(?=\s|$)\s*/
const accountForm = /(?:^|\s)(?:acc(?:ount)?(?: no)?[.:]|a\/c(?: no)?[.:]?(?=\s|$))\s*/i
/** By which of its channels another organisation sent it; the end of the sentence. */
const channel = /\s+via (?:web|api|ussd|app|stk|handset|sms) by\b.*$/i
/** Where the party begins: with a number, or with a name behind one of these words, unless an account or a kind of party follows. */
const numbered = new RegExp(String.raw`(?:^|[\s:])(${numberForm}(?=[\s:,(-]|$).*)$`)
const named =
  /\s(?:from|by|to)\s+(?!(?:the )?(?:utility|working|merchant|mmf|float|bank|charges|organi[sz]ation|customer|small business|till|pay ?bill|agent|number)\b)(.+)$/i
/** M-Pesa's own words have no such signs in them. */
const end = /\s-\s|[:;,]|\s(?:from|to|by|of|for|received)?\s*$/i
const ownAccount = String.raw`(?:(?:organi[sz]ation|business|head office|own) )?(?:utility|working|mmf|merchant|float|charges paid|organi[sz]ation settlement|settlement|loan|expense|investment)(?: account)?(?: for (?:organi[sz]ation|merchant))?`
/** `Utility Account to Organization Settlement Account`: both ends are the organisation's own, and nothing else is said. */
export const betweenOwnAccounts = new RegExp(
  String.raw`^(?:[a-z ]*\bfrom )?${ownAccount} (?:to|and) ${ownAccount}$`,
  'i',
)

/** Takes the sentence of the column *Details* apart. */
export function readDetails(cell: Cell): Details {
  const sentence = textOf(cell)
  const [told, account] = cutAccount(isNothing(sentence) ? '' : sentence)
  if (betweenOwnAccounts.test(told)) return { words: told, areOfMpesa: true, party: nobody, account, told }
  const number = numbered.exec(told)
  const before = number ? told.slice(0, number.index) : told
  const name = named.exec(before)
  const words = (name ? before.slice(0, name.index) : before).split(end)[0]!.trim()
  const party = number ? readParty(number[1]) : name ? { ...nobody, name: name[1]! } : nobody
  return { words, areOfMpesa: Boolean(number) && !name && words !== '', party, account, told }
}

function cutAccount(sentence: string): [told: string, account: string | null] {
  const found = mpesasAccountForm.exec(sentence) ?? accountForm.exec(sentence)
  if (!found) return [sentence.replace(channel, ''), null]
  const account = sentence
    .slice(found.index + found[0].length)
    .replace(channel, '')
    .trim()
  return [sentence.slice(0, found.index), account || null]
}
