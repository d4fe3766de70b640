import type { Api } from '../api.ts'
import { c2bRegisterV1, c2bRegisterV2 } from './c2b-register.ts'
import { c2bSimulateV1, c2bSimulateV2 } from './c2b-simulate.ts'
import { oauth } from './oauth.ts'
import { reversal } from './reversal.ts'
import { stkPush } from './stk-push.ts'
import { stkQuery } from './stk-query.ts'

/** Every path that the simulated Daraja has. */
export const apis: Api[] = [
  oauth,
  stkPush,
  stkQuery,
  c2bRegisterV1,
  c2bRegisterV2,
  c2bSimulateV1,
  c2bSimulateV2,
  reversal,
]
