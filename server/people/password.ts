import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Argon2Parameters } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify(argon2)

/** What OWASP's Password Storage Cheat Sheet asks of argon2id at least: 19 MiB, twice over, by one thread. */
const costs = { memory: 19_456, passes: 2, parallelism: 1 }
const saltBytes = 16
const hashBytes = 32

export const passwordLengthMin = 10
export const passwordLengthMax = 200

/** Why a text cannot be a new password: a sentence for whoever typed it, or nothing. */
export function whyNotPassword(text: string, about: string[] = []): string | undefined {
  if (text.length < passwordLengthMin)
    return `Take at least ${passwordLengthMin} characters: three or four words do well.`
  if (text.length > passwordLengthMax) return `Take at most ${passwordLengthMax} characters.`
  const plain = text.toLowerCase()
  if (new Set(plain).size < 5) return 'Take more than a few different characters.'
  if (guessed.some((word) => plain.startsWith(word)))
    return 'This is among the first that anybody would try. Take another.'
  const near = about.map((word) => word.toLowerCase()).find((word) => word.length > 3 && plain.includes(word))
  return near && 'Leave your name and address out of it.'
}

const guessed = [
  'password',
  'passw0rd',
  '1234567890',
  '0123456789',
  'qwertyuiop',
  'lango',
  'safaricom',
  'mpesa',
  'nairobi',
  'kenya',
]

/** A password as it is kept: hashed by argon2id, in the form that names its costs and salt. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(saltBytes)
  const hash = await hashWith(password, { ...costs, nonce, tagLength: hashBytes })
  const { memory, passes, parallelism } = costs
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(nonce)}$${unpadded(hash)}`
}

/** Whether a password is the one that was kept. Takes as long without one, so that the time does not tell who there is. */
export async function isPassword(password: string, kept: string | undefined): Promise<boolean> {
  const read = form.exec(kept ?? nobody)!
  const [memory, passes, parallelism] = read.slice(1, 4).map(Number) as [number, number, number]
  const [nonce, hash] = read.slice(4).map((text) => Buffer.from(text, 'base64')) as [Buffer, Buffer]
  const found = await hashWith(password, { memory, passes, parallelism, nonce, tagLength: hash.length })
  return timingSafeEqual(found, hash) && kept !== undefined
}

/** True for what was kept when it cost less: to be kept anew at the next sign-in. */
export function isOutdated(kept: string): boolean {
  const { memory, passes, parallelism } = costs
  return !kept.includes(`$m=${memory},t=${passes},p=${parallelism}$`)
}

const form = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([^$]+)\$([^$]+)$/
const nobody = `$argon2id$v=19$m=${costs.memory},t=${costs.passes},p=${costs.parallelism}$${unpadded(Buffer.alloc(saltBytes))}$${unpadded(Buffer.alloc(hashBytes))}`

// The same letters may be typed in several ways, by another keyboard for example.
function hashWith(password: string, parameters: Omit<Argon2Parameters, 'message'>): Promise<Buffer> {
  return derive('argon2id', { ...parameters, message: password.normalize('NFKC') })
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}
