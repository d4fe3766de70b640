import type { Transport } from './line.ts'
import { http } from './transports/http.ts'
import { serial } from './transports/serial.ts'
import { tcp } from './transports/tcp.ts'
import { udp } from './transports/udp.ts'

/**
 * How a scale is reached, by one address: `serial:/dev/ttyUSB0?baud=1200`, `tcp://10.0.0.7:4001`, `udp://0.0.0.0:13805`,
 * `http://localhost:8888/devices/measurements`.
 * @throws where it is none of these
 */
export function transportOf(address: string): Transport {
  const { protocol, hostname: host, port, pathname, searchParams } = new URL(address)
  switch (protocol) {
    case 'serial:':
      return serial({
        path: pathname,
        baudRate: Number(searchParams.get('baud') ?? 9600),
        framing: searchParams.get('framing') === '7E1' ? '7E1' : '8N1',
      })
    case 'tcp:':
      return tcp({ host, port: Number(port) })
    case 'udp:':
      return udp({ host, port: Number(port) })
    case 'http:':
    case 'https:':
      return http({ url: address })
    default:
      throw new Error(`SCALE is ${address}: it begins with serial:, tcp://, udp:// or http://.`)
  }
}
