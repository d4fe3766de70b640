import type { IndicatorName } from '../scale/indicators.ts'

/** What lies on a simulated scale. */
export type Load = { decksKg: number[]; isMoving: boolean }

/** What an indicator of each make says of a load. It shares nothing with what reads it: the fixtures are for both. */
export const speak: Record<IndicatorName, (load: Load) => string> = {
  zm510: ({ decksKg, isMoving }) =>
    isMoving ? `GU,${grossOf(decksKg).padStart(9)},kg\r\n` : `${[...four(decksKg), sum(decksKg)].join(', ')}\r\n`,
  cardinal: ({ decksKg, isMoving }) => {
    const numbers = [...four(decksKg), sum(decksKg)].map((kg) => String(kg).padEnd(10))
    return `${`${' '.repeat(10)}${numbers.join('')}${(isMoving ? 'M' : '').padEnd(10)}kg`.padEnd(90)}\r\n`
  },
  cardinal2: ({ decksKg }) =>
    four(decksKg)
      .map((kg, deck) => `Z1G ${deck + 1} ${String(kg).padStart(11)}kg\r`)
      .join(''),
  '1310': ({ decksKg, isMoving }) =>
    four(decksKg)
      .map((kg, deck) => `Scale No: ${deck + 1}  Weight:  ${kg} kg ${isMoving ? 'Motion' : 'Stable'}\r\n`)
      .join(''),
  paw: ({ decksKg, isMoving }) => `${isMoving ? 'US' : 'ST'},GS, ${grossOf(decksKg).padStart(7, '0')}kg\r\n`,
  'paw-udp': ({ decksKg, isMoving }) => {
    const packet = Buffer.alloc(140)
    four(decksKg).forEach((kg, deck) => {
      packet[120 + 5 * deck] = isMoving ? 0 : 1
      packet.writeFloatLE(kg, 121 + 5 * deck)
    })
    return packet.toString('latin1')
  },
  haenni: ({ decksKg, isMoving }) => JSON.stringify({ weight: sum(decksKg), unit: 'kg', stable: !isMoving }),
  mcgs: ({ decksKg }) => `=SG+${grossOf(decksKg).padStart(7, '0')}kR`,
  gi620: ({ decksKg }) => `$${grossOf(decksKg).padStart(7)}       0 830\n\r`,
}

const sum = (decksKg: number[]) => decksKg.reduce((total, kg) => total + kg, 0)
const grossOf = (decksKg: number[]) => String(sum(decksKg))
const four = (decksKg: number[]) => [0, 1, 2, 3].map((deck) => decksKg[deck] ?? 0)
