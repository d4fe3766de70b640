import { isIP } from 'node:net'
import { isPublicAddress } from './public-address.ts'

/** The words that Safaricom refuses in a callback URL, in any case. Source: Safaricom's portal, C2B register URL. */
export const forbiddenWords = ['m-pesa', 'mpesa', 'safaricom', 'exe', 'exec', 'cmd', 'sql', 'query']

/** The word in an address that Safaricom refuses, or undefined. */
export function forbiddenWordIn(url: string): string | undefined {
  return forbiddenWords.find((word) => url.toLowerCase().includes(word))
}

/**
 * Why Safaricom cannot post to an address where real money is told of: each the rest of a sentence that begins with the address.
 * None when it can, as far as the address shows.
 */
export function whyNotCallable(url: string): string[] {
  const { protocol, hostname } = new URL(url)
  const host = hostname.replace(/^\[|\]$/g, '')
  const isOfHere = isIP(host) ? !isPublicAddress(host) : isNameOfHere(host)
  return [
    ...(isOfHere ? ['is known to this machine or network only'] : []),
    ...(protocol === 'https:' ? [] : ['is not https']),
  ]
}

// Names that nobody on the Internet can look up. Source: RFC 6761, RFC 6762, ICANN's reservation of .internal.
function isNameOfHere(name: string): boolean {
  return !name.includes('.') || /\.(localhost|local|internal|lan|home\.arpa)\.?$/i.test(name)
}
