import { nairobi } from '../nairobi.ts'

/** `1,500.00` */
export const money = (amount: number): string =>
  amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

/** `14:32`, in Nairobi. */
export function hourAndMinute(at: Date): string {
  const { hour, minute } = nairobi(at)
  return `${hour}:${minute}`
}

/** `14:32:05`, in Nairobi. */
export const toTheSecond = (at: Date): string => `${hourAndMinute(at)}:${nairobi(at).second}`

const day = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  timeZone: 'Africa/Nairobi',
})

/** `Friday 20 November`, in Nairobi. */
export const dayInWords = (at: Date): string => day.format(at).replace(',', '')

/** `late_callback` as `late callback`. */
export const inWords = (name: string): string => name.replaceAll('_', ' ')
