const forbiddenWords = ['m-pesa', 'mpesa', 'safaricom', 'exec', 'exe', 'cmd', 'sql', 'query']

/** The word of Safaricom's list that an address contains, in any case. */
export const forbiddenWord = (address: string): string | undefined =>
  forbiddenWords.find((word) => address.toLowerCase().includes(word))

/** Why Safaricom could not or would not post to an address, as a sentence. */
export function callbackAddressProblem(address: string): string | undefined {
  const url = URL.parse(address)
  if (url === null) return 'The callback address is no URL.'
  if (url.protocol !== 'https:') return 'The callback address is not https, which Safaricom wants in production.'
  if (isPrivate(url.hostname)) return 'The callback address is private: Safaricom cannot reach it.'
  return undefined
}

const isPrivate = (host: string) =>
  /^(localhost|.*\.(local|localhost|internal)|\[?::1\]?|0\.|10\.|127\.|169\.254\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(
    host,
  )
