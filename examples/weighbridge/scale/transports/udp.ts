import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { Transport } from '../line.ts'

/** Packets that an indicator sends to a port of this machine. There is nobody to answer. */
export function udp({ port, host = '0.0.0.0' }: { port: number; host?: string }): Transport {
  return {
    name: `UDP port ${port}`,
    hasMessages: true,
    async open(hear, lost) {
      const socket = createSocket('udp4')
      socket.bind(port, host)
      await once(socket, 'listening')
      socket.on('message', (bytes) => hear(bytes.toString('latin1')))
      socket.once('error', (error) => {
        socket.close()
        lost(error)
      })
      return { write() {}, close: () => socket.close() }
    },
  }
}
