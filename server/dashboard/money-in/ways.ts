import type { MoneyIn } from '../../money-in/money-in.ts'

/** How money came, in a word or two. */
export const ways: Record<MoneyIn['kind'], string> = { stk: 'prompt', c2b: 'paybill or till', other: 'another way' }
