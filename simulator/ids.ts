import type { Clock } from './clock.ts'
import { nairobi } from './nairobi.ts'
import type { Random } from './random.ts'

/** Makes ids in the formats seen in Daraja's traffic. None is ever made twice. */
export type Ids = {
  /** `2654-4b64-97ff-b827b542881d3130`: requestId, MerchantRequestID, OriginatorConversationID. */
  request(): string
  /** `ws_CO_170820261404032708374149`: Nairobi time, milliseconds unpadded, the last nine digits of the phone. */
  checkout(msisdn: string): string
  /** `AG_20240706_2010364430d9bbdaf872`. */
  conversation(): string
  /** `UKK7X2M4QA`: year, month and day as one character each, then seven more. */
  receipt(): string
  /** `UKK0000000`: what stands in a failed result where the receipt would be. */
  noReceipt(): string
  /** 28 letters and digits. */
  token(): string
  uuid(): string
}

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const receiptCount = 36n ** 7n
// Coprime to the count, so that multiplying by it visits every receipt once, in an order that looks random.
const receiptStride = 30_264_102_271n

export function createIds(clock: Clock, random: Random): Ids {
  // Counting up from a random start keeps two runs apart far better than drawing each receipt would.
  let receiptNumber = BigInt(random.integer(2 ** 32)) * 18n
  let requestNumber = 100_000 + random.integer(900_000)
  const checkoutAt = new Map<string, number>()

  const day = () => {
    const { year, month, day } = nairobi(clock.now())
    const letter = (index: number) => String.fromCharCode(64 + index)
    const dayNumber = Number(day)
    // The year's letter was L in 2017; the day's is 1 to 9 and then A to V.
    return `${letter(((Number(year) - 2006) % 26) + 1)}${letter(Number(month))}${alphabet[dayNumber]}`
  }

  return {
    request: () =>
      `${random.hex(4)}-4${random.hex(3)}-${random.text(1, '89ab')}${random.hex(3)}-${random.hex(12)}${requestNumber++}`,
    checkout(msisdn) {
      // One phone can be asked several times in a millisecond, and each asking needs an id of its own.
      const at = Math.max(clock.now().getTime(), (checkoutAt.get(msisdn) ?? 0) + 1)
      checkoutAt.set(msisdn, at)
      const t = nairobi(new Date(at))
      return `ws_CO_${t.day}${t.month}${t.year}${t.hour}${t.minute}${t.second}${t.millisecond}${msisdn.slice(-9)}`
    },
    conversation: () => {
      const { year, month, day } = nairobi(clock.now())
      return `AG_${year}${month}${day}_2010${random.hex(16)}`
    },
    receipt() {
      const number = (receiptNumber++ * receiptStride) % receiptCount
      return day() + number.toString(36).toUpperCase().padStart(7, '0')
    },
    noReceipt: () => `${day()}0000000`,
    token: () => random.text(28, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'),
    uuid: () =>
      `${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-${random.text(1, '89ab')}${random.hex(3)}-${random.hex(12)}`,
  }
}
