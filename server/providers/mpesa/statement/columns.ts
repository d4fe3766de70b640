import { textOf } from './cell.ts'

/**
 * The columns of a statement, each with the names under which exports have it, by their letters and digits alone. A currency
 * behind a name, as in `Paid In (KES)`, is no part of it.
 */
const names = {
  receipt:
    'receiptno receiptnumber receipt receiptid mpesareceipt mpesareceiptno mpesareceiptnumber mpesacode transactionreceipt transactionid transactionno transactionnumber transactioncode transactionreference transid mpesareference mpesaref',
  day: 'date transactiondate completiondate completeddate valuedate postingdate transdate day',
  hour: 'completiontime completedtime completiondatetime completedon completedat completed transactiontime datetime dateandtime transactiondatetime transtime time timestamp',
  initiated: 'initiationtime initiationdate initiated initiatedon',
  details:
    'details detail description transactiondetails transactiondescription narration narrative particulars remarks',
  status:
    'transactionstatus status state transstatus transactionstate trxstatus txnstatus paymentstatus completionstatus statusdescription result',
  paidIn:
    'paidin amountpaidin paidinamount credit creditamount credits moneyin amountin deposit deposits received amountreceived cr in',
  withdrawn:
    'withdrawn amountwithdrawn withdrawnamount withdrawal withdrawals debit debitamount debits moneyout paidout amountout dr out',
  balance: 'balance accountbalance runningbalance balanceafter currentbalance',
  confirmed: 'balanceconfirmed confirmed',
  reason: 'reasontype reason transactiontype transtype type',
  party:
    'otherpartyinfo otherparty otherpartyinformation otherpartydetails opposingparty opposingpartyinfo counterparty party partyinfo',
  phone:
    'msisdn phone phonenumber phoneno mobile mobilenumber mobileno customerphone customernumber payerphone sendermsisdn',
  name: 'customername payername sendername partyname name payer sender customer',
  linked:
    'linkedtransactionid linkedtransaction linkedreceipt linkedreceiptno linkedtransactionno originaltransactionid originalreceipt originalreceiptno',
  account:
    'acno accountno accountnumber accno account accountreference billrefnumber billreference billrefno billref referenceno reference',
  /** Of a report on several tills: which of them a line is of. */
  store:
    'storenumber storeno storeshortcode tillnumber tillno till shortcode organizationshortcode businessshortcode businessnumber paybill paybillno paybillnumber',
  currency: 'currency ccy currencycode',
} as const satisfies Record<string, string>

export type Column = keyof typeof names

type Known = {
  column: Column
  /** Below others: the better name, where a list has two columns that could be meant. */ rank: number
}

const known = new Map<string, Known>(
  (Object.entries(names) as [Column, string][]).flatMap(([column, all]) =>
    all.split(' ').map((name, rank) => [name, { column, rank }] as const),
  ),
)

/** How people know the columns of which an export may be asked. */
export const titles: Record<'receipt' | 'time' | 'money' | 'status', string> = {
  receipt: 'Receipt No.',
  time: 'Completion Time',
  money: 'Paid In and Withdrawn',
  status: 'Transaction Status',
}

/** Where the columns of a list are. */
export type Header = {
  /** The place of each column that the list has. */
  at: Partial<Record<Column, number>>
  /** How the list itself calls them. */
  titles: string[]
  /** How many cells a row has at most, and behind which of them none has a name. */
  width: number
  named: number
}

/** Reads a row as the names of columns; undefined where it has no column of receipts, or none of times or amounts beside it. */
export function readHeader(cells: readonly string[]): Header | undefined {
  const at: Header['at'] = {}
  const found = cells.flatMap((cell, place) => {
    const name = known.get(plain(cell))
    return name ? [{ ...name, place }] : []
  })
  for (const { column, place } of found.toSorted((left, right) => left.rank - right.rank)) at[column] ??= place
  const isHeader =
    at.receipt !== undefined && [at.day, at.hour, at.paidIn, at.withdrawn].some((place) => place !== undefined)
  if (!isHeader) return undefined
  const titles = cells.map(textOf)
  return { at, titles, width: cells.length, named: titles.findLastIndex((title) => title !== '') + 1 }
}

/** What a list lacks so that its money can be read, in the words of the portal; undefined where it lacks nothing. */
export function missingColumn({ at }: Header): string | undefined {
  if (at.day === undefined && at.hour === undefined) return titles.time
  if (at.paidIn === undefined && at.withdrawn === undefined) return titles.money
  return undefined
}

function plain(name: string): string {
  return textOf(name)
    .toLowerCase()
    .replace(/[([]?\b(?:kes|ksh?s*|shillings)\b\.?[)\]]?\s*$/, '')
    .replace(/[^a-z0-9]/g, '')
}
