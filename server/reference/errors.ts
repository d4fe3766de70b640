import { BUSINESS_RESULT_CODES, CALLBACK_ADDRESSES, ERROR_CODES, RESULT_CODES } from '@lango/daraja'
import { problems } from '../problem.ts'
import type { ProblemCode } from '../problem.ts'
import { metMost } from './met-most.ts'
import { remedies } from './remedies.ts'

/** One error: its code, where or how it is met, what is said, and what it means or what to do. */
export type ErrorEntry = { id: string; code: string; aside: string; says: string; todo: string }

export type ErrorSection = { id: string; title: string; lead: string; entries: ErrorEntry[] }

const apiNames = {
  b2c: 'payout to a person',
  b2b: 'payout to a business',
  reversal: 'refund',
  status: 'status of a receipt',
  balance: 'balance',
}
type OwnApi = keyof typeof apiNames

/** Everything that can go wrong between a shop, Lango and Safaricom: what page and document are made of. */
export const errorReference: { troubles: typeof metMost; sections: ErrorSection[]; addresses: readonly string[] } = {
  troubles: metMost,
  addresses: CALLBACK_ADDRESSES,
  sections: [
    {
      id: 'api',
      title: 'Errors of the API',
      lead: 'Every failure names one of these as error.code, with a message that says what was wrong and what to do, and leads here by docs_url.',
      entries: Object.entries(problems).map(([code, [status, says]]) => ({
        id: code,
        code,
        aside: String(status),
        says,
        todo: remedies[code as ProblemCode],
      })),
    },
    {
      id: 'payments',
      title: 'How a payment ends at M-Pesa',
      lead: 'Of a payment, failure.provider_code is one of these, and failure.code is our word for it, which stays when Safaricom changes its codes. Safaricom publishes no complete list: expect others.',
      entries: RESULT_CODES.map(({ code, descriptions, meaning, failure }) => ({
        id: `payment-${code}`,
        code,
        aside: failure ?? '',
        says: quoted(descriptions),
        todo: meaning,
      })),
    },
    {
      id: 'others',
      title: 'How refunds, payouts and questions end at M-Pesa',
      lead: 'The same number may mean something else than in a payment, and something else in each of these.',
      entries: BUSINESS_RESULT_CODES.flatMap(({ code, apis, description, meaning }, index) => {
        const own = apis.filter((api): api is OwnApi => api in apiNames)
        if (own.length === 0) return []
        const aside = own.length === Object.keys(apiNames).length ? 'all' : own.map((api) => apiNames[api]).join(', ')
        return [{ id: `other-${code}-${index}`, code, aside, says: quoted([description]), todo: meaning }]
      }),
    },
    {
      id: 'refusals',
      title: 'How Daraja refuses a request',
      lead: 'As errorCode and errorMessage, at once. One code has several meanings: its message tells them apart.',
      entries: ERROR_CODES.map(({ code, status, messages, apis, advice }, index) => ({
        id: `refusal-${code}-${index}`,
        code,
        aside: status === undefined ? apis : `${status}, ${apis}`,
        says: messages.length > 0 ? quoted(messages) : 'Any other message.',
        todo: advice,
      })),
    },
  ],
}

function quoted(texts: readonly string[]): string {
  return texts
    .filter(Boolean)
    .map((text) => `“${text}”`)
    .join(' ')
}
