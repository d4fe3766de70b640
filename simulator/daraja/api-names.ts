/** Daraja's APIs by the names that fault rules and the log use, mostly the word in the path. */
export const darajaApiNames = [
  'oauth',
  'stkpush',
  'stkpushquery',
  'c2b',
  'b2c',
  'b2pochi',
  'b2b',
  'remittax',
  'ussdpush',
  'reversal',
  'transactionstatus',
  'accountbalance',
  'qrcode',
  'pulltransactions',
  'standingorder',
  'billmanager',
  'imsi',
  'kyc',
  'sfcverify',
  'hakikisha',
  'bonga',
  'bundles',
  'simportal',
] as const

export type DarajaApiName = (typeof darajaApiNames)[number]
