import { once } from 'node:events'
import { connect } from 'node:net'
import { lineOf } from '../stream-line.ts'
import type { Transport } from '../line.ts'

/** An indicator at the network, or a serial line behind a converter. */
export function tcp({ host, port }: { host: string; port: number }): Transport {
  return {
    name: `TCP ${host}:${port}`,
    async open(hear, lost) {
      const socket = connect({ host, port, noDelay: true, timeout: 5000 })
      socket.once('timeout', () => socket.destroy(new Error('It did not answer within five seconds.')))
      await once(socket, 'connect')
      socket.setTimeout(0).setKeepAlive(true, 5000)
      return lineOf(socket, hear, lost)
    },
  }
}
