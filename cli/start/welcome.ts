import { hint } from '../hint.ts'
import type { Demo } from './demo.ts'
import type { FirstMerchant } from './first-merchant.ts'

/** What a start has started. */
export type Started = {
  url: string
  /** Where the phones are, when there is a simulator. */
  simulatorUrl: string | undefined
  /** Where callbacks go, when that is another address than `url`. */
  callbackUrl: string | undefined
  demo: Demo | undefined
  firstMerchant: FirstMerchant | undefined
  /** Where the first owner signs up, while nobody has. */
  ownerLink: string | undefined
  isLive: boolean
}

/** What a person is told when everything runs: links to open, and a request to paste. */
export function welcome(started: Started): string {
  const { url, simulatorUrl, callbackUrl, demo, firstMerchant, ownerLink, isLive } = started
  const links = [
    ...(simulatorUrl
      ? [
          ['Phones', `${simulatorUrl}/phone`],
          ['Faults', `${simulatorUrl}/faults`],
        ]
      : []),
    ['API', `${url}/docs`],
    ...(callbackUrl ? [['Callbacks', `${callbackUrl}/v1/in/…`]] : []),
    ...(demo
      ? [
          ['Merchant', demo.name],
          ['Test key', demo.key],
        ]
      : []),
  ].map(([name, value]) => `  ${name!.padEnd(10)} ${value}`)
  return [
    `\nLango is ready.\n\n${links.join('\n')}`,
    ownerLink && `Make yourself its owner, within 15 minutes:\n\n  ${ownerLink}`,
    firstMerchant && tellFirstMerchant(firstMerchant),
    demo && simulatorUrl && request(url, demo),
    isLive ? 'An account is live: neither the simulator nor the demo merchant was started.' : undefined,
    'Ctrl-C stops everything.',
  ]
    .filter((part) => part !== undefined)
    .join('\n\n')
}

function tellFirstMerchant({ name, account, mode, key }: FirstMerchant): string {
  const scopes = 'payments:read,payments:write'
  const another = hint('keys', 'create', '--merchant', name, '--scopes', scopes, ...(mode === 'live' ? ['--live'] : []))
  const shown = mode === 'live' ? `${key}  (shown this once; keep it)` : key
  return [
    'From the MPESA_ settings:',
    `  Merchant   ${name}`,
    `  Account    ${account.type} ${account.shortcode}, ${account.environment}`,
    key ? `  Key        ${shown}` : `  Key        shown at its first start. Another: ${another}`,
  ].join('\n')
}

function request(url: string, { key }: Demo): string {
  return `Open the phones, then paste this, and one of them rings:

  curl ${url}/v1/payments -H 'X-API-Key: ${key}' \\
    -H 'Content-Type: application/json' \\
    -d '{"amount": 100, "phone": "0712345678", "account_reference": "INV-204"}'`
}
