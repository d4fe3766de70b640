import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import type { IndicatorName } from '../scale/indicators.ts'
import type { Transport } from '../scale/line.ts'
import { http } from '../scale/transports/http.ts'
import { serial } from '../scale/transports/serial.ts'
import { tcp } from '../scale/transports/tcp.ts'
import { udp } from '../scale/transports/udp.ts'
import { openPseudoTerminal } from './pseudo-terminal.ts'
import { speak } from './speak.ts'
import type { Load } from './speak.ts'

/** A scale that stands nowhere. */
export type SimulatedScale = {
  /** How it is reached. */
  transport: Transport
  /** Puts a vehicle on, deck by deck; `[]` takes it off. */
  put(decksKg: number[]): void
  /** Whether what is on it rolls, so that no weight holds. */
  move(isMoving: boolean): void
  /** Breaks its line. By TCP a new one is served again; else the plug is pulled. */
  cut(): void
  close(): void
}

export type TransportName = 'serial' | 'tcp' | 'udp' | 'http'

/** How often an indicator speaks that is not asked. */
const everyMs = 200

/** Opens a scale of a make, behind a transport, on this machine. */
export async function openSimulatedScale(make: IndicatorName, by: TransportName): Promise<SimulatedScale> {
  const load: Load = { decksKg: [], isMoving: false }
  const way = await ways[by](() => speak[make](load))
  return {
    ...way,
    put: (decksKg) => void (load.decksKg = decksKg),
    move: (isMoving) => void (load.isMoving = isMoving),
  }
}

type Way = Pick<SimulatedScale, 'transport' | 'cut' | 'close'>

const ways: Record<TransportName, (say: () => string) => Promise<Way>> = {
  async serial(say) {
    const terminal = await openPseudoTerminal()
    const timer = setInterval(() => terminal.write(say()), everyMs)
    const close = () => {
      clearInterval(timer)
      terminal.close()
    }
    return { transport: serial({ path: terminal.path }), cut: close, close }
  },
  async tcp(say) {
    const sockets = new Set<Socket>()
    const server = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => sockets.delete(socket)).on('close', () => sockets.delete(socket))
    })
    const port = await portOf(server)
    const timer = setInterval(() => sockets.forEach((socket) => socket.write(say(), 'latin1')), everyMs)
    const cut = () => sockets.forEach((socket) => socket.destroy())
    return {
      transport: tcp({ host: '127.0.0.1', port }),
      cut,
      close() {
        clearInterval(timer)
        server.close()
        cut()
      },
    }
  },
  async udp(say) {
    const socket = createSocket('udp4')
    const port = await freeUdpPort()
    const timer = setInterval(() => socket.send(Buffer.from(say(), 'latin1'), port, '127.0.0.1'), everyMs)
    const silence = () => clearInterval(timer)
    return {
      transport: udp({ port, host: '127.0.0.1' }),
      cut: silence,
      close() {
        silence()
        socket.close()
      },
    }
  },
  async http(say) {
    const server = createHttpServer((_request, response) => void response.end(say()))
    const port = await portOf(server)
    const url = `http://127.0.0.1:${port}/devices/measurements`
    const close = () => {
      server.close()
      server.closeAllConnections()
    }
    return { transport: http({ url, everyMs }), cut: close, close }
  },
}

async function portOf(server: Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return (server.address() as AddressInfo).port
}

async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  socket.close()
  return port
}
