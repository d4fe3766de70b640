import { nairobi } from '../nairobi.ts'
import type { Statement, StatementLine } from './statement.ts'

/** What a cell holds before it is written: an amount in shillings, a moment, or text. */
export type StatementCell = number | Date | string | null

/** A statement laid out: rows of cells, and how this layout writes amounts and times where it writes text. */
export type Sheet = {
  rows: StatementCell[][]
  writeAmount(amount: number): string
  writeTime(at: Date): string
}

/**
 * The layouts in which organisations have their statements: the portal's own, its newer short one, that of years ago, and the
 * report of a head office on its tills.
 */
export const layouts = { full, seven, old, tills }

export type LayoutName = keyof typeof layouts

function full(statement: Statement): Sheet {
  const { holder, shortcode, account, from, to, reported, opening, closing, paidIn, withdrawn, lines } = statement
  return {
    rows: [
      ['Account Holder:', holder],
      ['Short Code:', shortcode],
      ['Account:', account],
      ['Time Period:', 'From', from, 'To', to],
      ['Operator:', 'simulator', 'Organization:', holder, 'Date of Report:', reported],
      [
        'Opening Balance:',
        opening,
        'Closing Balance:',
        closing,
        'Available Balance:',
        closing,
        'Total Paid In:',
        paidIn,
        'Total Withdrawn:',
        -withdrawn,
      ],
      [
        'Receipt No.',
        'Completion Time',
        'Initiation Time',
        'Details',
        'Transaction Status',
        'Paid In',
        'Withdrawn',
        'Balance',
        'Balance Confirmed',
        'Reason Type',
        'Other Party Info',
        'Linked Transaction ID',
        'A/C No.',
      ],
      ...lines.map((line) => [
        line.receipt,
        line.at,
        line.at,
        line.details,
        'Completed',
        line.paidIn,
        line.withdrawn,
        line.balance,
        'true',
        line.reason,
        line.otherParty,
        line.linked,
        line.account,
      ]),
    ],
    writeAmount: plain,
    writeTime: dayFirst('-'),
  }
}

function seven({ shortcode, from, to, lines }: Statement): Sheet {
  return {
    rows: [
      [`Statement for ${shortcode}`],
      ['Time Period', from, to],
      ['Receipt No.', 'Completion Time', 'Details', 'Transaction Status', 'Paid In', 'Withdrawn', 'Balance'],
      ...lines.map((line) => [
        line.receipt,
        line.at,
        line.details,
        'Completed',
        line.paidIn ?? 0,
        line.withdrawn ?? 0,
        line.balance,
      ]),
    ],
    writeAmount: (amount) => amount.toLocaleString('en-KE', { minimumFractionDigits: 2, maximumFractionDigits: 2 }),
    writeTime: dayFirst('/'),
  }
}

function old({ holder, shortcode, from, to, lines }: Statement): Sheet {
  return {
    rows: [
      ['Organization Name', holder],
      ['Business Number', shortcode],
      ['From Date', from],
      ['To Date', to],
      [],
      [
        'Receipt',
        'Date',
        'Details',
        'Status',
        'Withdrawn',
        'Paid In',
        'Balance',
        'Balance Confirmed',
        'Transaction Type',
        'Other Party Info',
      ],
      ...lines.map(oldLine),
      [],
      ['Disclaimer: this record is produced for the use of the account holder.'],
    ],
    writeAmount: plain,
    writeTime: (at) => dayFirst('-')(at).replace(/^(..)-(..)-(....)/, '$3-$2-$1'),
  }
}

function oldLine(line: StatementLine): StatementCell[] {
  const { receipt, at, details, withdrawn, paidIn, balance, reason, otherParty } = line
  return [receipt, at, details, 'Completed', withdrawn, paidIn, balance, 'true', reason, otherParty]
}

function tills({ holder, lines }: Statement): Sheet {
  return {
    rows: [
      [
        'STORE_NAME',
        'RECEIPT_NUMBER',
        'TRANSACTION_DATE',
        'TRANSACTION_TYPE',
        'CREDIT_AMOUNT',
        'DEBIT_AMOUNT',
        'TRANSACTION_STATUS',
        'OTHER_PARTY',
        'BILL_REF_NUMBER',
        'LINKED_RECEIPT',
      ],
      ...lines.map((line) => [
        holder,
        line.receipt,
        line.at,
        line.reason,
        line.paidIn,
        line.withdrawn === null ? null : -line.withdrawn,
        'SUCCESS',
        line.otherParty,
        line.account,
        line.linked,
      ]),
    ],
    writeAmount: (amount) => String(amount),
    writeTime: (at) => dayFirst('-')(at).replace(/^(..)-(..)-(....)/, '$3-$2-$1'),
  }
}

const plain = (amount: number) => amount.toFixed(2)

/** `20-11-2026 20:15:05`. */
const dayFirst = (between: string) => (at: Date) => {
  const { year, month, day, hour, minute, second } = nairobi(at)
  return `${[day, month, year].join(between)} ${hour}:${minute}:${second}`
}
