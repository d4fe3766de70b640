import type { Api } from '../api.ts'
import { oauth } from './oauth.ts'
import { stkPush } from './stk-push.ts'
import { stkQuery } from './stk-query.ts'

/** Every path that the simulated Daraja has. */
export const apis: Api[] = [oauth, stkPush, stkQuery]
