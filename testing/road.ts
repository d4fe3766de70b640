import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

/** A way to a database on which nothing may arrive any more, as when its machine vanishes: no connection is closed, and none refused. */
export type Road = {
  /** The same database, by this way. */
  url: string
  /** From now on whatever is under way stays so for ever; new connections are taken, and hear nothing. */
  block(): void
  /** Whoever sets out from now on is told that PostgreSQL is starting. */
  comeUp(): void
  /** Whoever sets out from now on arrives. What was under way is lost. */
  open(): void
  /** How many set out so far. */
  count(): number
  close(): Promise<void>
}

export async function openRoad(url: string): Promise<Road> {
  const target = new URL(url)
  const sockets = new Set<Socket>()
  let meets: 'the database' | 'nobody' | 'its start' = 'the database'
  let count = 0
  const keep = (socket: Socket) => {
    sockets.add(socket.on('error', () => {}))
    return socket
  }
  const server = createServer((from) => {
    count++
    keep(from)
    if (meets === 'its start') from.once('data', () => from.end(starting))
    if (meets !== 'the database') return
    const to = keep(connect(placeOf(target)))
    from.pipe(to).pipe(from)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const own = new URL(url)
  own.search = ''
  own.host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: own.href,
    block() {
      meets = 'nobody'
      for (const socket of sockets) socket.unpipe().pause()
    },
    comeUp: () => void (meets = 'its start'),
    open: () => void (meets = 'the database'),
    count: () => count,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** What PostgreSQL answers whoever comes too early. */
const starting = refusalOf('57P03', 'the database system is starting up')

function refusalOf(code: string, message: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${message}\0\0`)
  const head = Buffer.from('E\0\0\0\0')
  head.writeInt32BE(fields.length + 4, 1)
  return Buffer.concat([head, fields])
}

function placeOf({ hostname, port, searchParams }: URL) {
  const folder = searchParams.get('host') ?? decodeURIComponent(hostname)
  return folder.startsWith('/')
    ? { path: `${folder}/.s.PGSQL.${port || 5432}` }
    : { host: hostname, port: Number(port || 5432) }
}
