const forbiddenWords = ['m-pesa', 'mpesa', 'safaricom', 'exec', 'exe', 'cmd', 'sql', 'query']

/** The word of Safaricom's list that an address contains, in any case. */
export const forbiddenWord = (address: string): string | undefined =>
  forbiddenWords.find((word) => address.toLowerCase().includes(word))

/** Whether Safaricom could not reach an address. */
export const isPrivate = (address: string): boolean => privateHost.test(URL.parse(address)?.hostname ?? '')

/** Whether an address is other than https, which production demands. */
export const isPlain = (address: string): boolean => !address.startsWith('https:')

const privateHost =
  /^(localhost$|.*\.(local|localhost|internal)$|\[::1\]|0\.|10\.|127\.|169\.254\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/
