const forbiddenWords = ['m-pesa', 'mpesa', 'safaricom', 'exec', 'exe', 'cmd', 'sql', 'query']

/** The word of Safaricom's list that an address contains, in any case. */
export const forbiddenWord = (address: string): string | undefined =>
  forbiddenWords.find((word) => address.toLowerCase().includes(word))

/** Why Safaricom could not post to an address, as a sentence. */
export function callbackAddressProblem(address: string): string | undefined {
  const host = URL.parse(address)?.hostname
  if (host === undefined) return 'The callback address is no URL.'
  return privateHost.test(host) ? 'The callback address is private: Safaricom cannot reach it.' : undefined
}

/** Says that an address is not https, which production demands. */
export const plainHttp = (address: string): string | undefined =>
  address.startsWith('https:') ? undefined : 'The callback address is not https, which Safaricom demands in production.'

const privateHost =
  /^(localhost$|.*\.(local|localhost|internal)$|\[::1\]|0\.|10\.|127\.|169\.254\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/
