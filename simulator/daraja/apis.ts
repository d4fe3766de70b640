import { accountBalance } from './account-balance.ts'
import type { Api } from './api.ts'
import { b2bExpress } from './b2b-express.ts'
import { b2b, remitTax } from './b2b.ts'
import { b2cV1, b2cV3, b2cValidated, b2pochi } from './b2c.ts'
import { billManager } from './bill-manager.ts'
import { bongaCalculate, bongaRedeem } from './bonga.ts'
import { bundleStatus, fetchBundles, purchaseBundle } from './bundles.ts'
import { c2bRegisterV1, c2bRegisterV2 } from './c2b-register.ts'
import { c2bSimulateV1, c2bSimulateV2 } from './c2b-simulate.ts'
import { dynamicQr } from './dynamic-qr.ts'
import { hakikisha, organisationInfo } from './hakikisha.ts'
import { ageOnNetwork, imsi, numberValidation, simSwap } from './number-lookups.ts'
import { oauth } from './oauth.ts'
import { pullQueryGet, pullQueryPost } from './pull-query.ts'
import { pullRegister } from './pull-register.ts'
import { reversal } from './reversal.ts'
import { simportal } from './simportal.ts'
import { standingOrder } from './standing-order.ts'
import { stkPush } from './stk-push.ts'
import { stkQuery } from './stk-query.ts'
import { transactionStatus } from './transaction-status.ts'

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
  transactionStatus,
  b2cV1,
  b2cV3,
  b2cValidated,
  b2pochi,
  accountBalance,
  b2b,
  remitTax,
  b2bExpress,
  pullRegister,
  pullQueryPost,
  pullQueryGet,
  dynamicQr,
  standingOrder,
  ...billManager,
  simSwap,
  imsi,
  ageOnNetwork,
  numberValidation,
  organisationInfo,
  hakikisha,
  bongaCalculate,
  bongaRedeem,
  fetchBundles,
  purchaseBundle,
  bundleStatus,
  ...simportal,
]
