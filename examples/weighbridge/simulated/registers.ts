import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * NTSA, KeNHA, and a register of licences, as far as a weighbridge asks them. Every plate is known there, and one that ends in T is
 * tagged; so is every driver, and one whose number ends in 9 has a licence that is over.
 */
export type SimulatedRegisters = {
  url: string
  /** From now on: answers, fails, or is so slow that nobody waits. */
  behave(manner: 'well' | 'fails' | 'slow'): void
  close(): void
}

export async function openSimulatedRegisters(): Promise<SimulatedRegisters> {
  let manner = 'well'
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (piece: Buffer) => (body += piece.toString()))
    request.on('end', () => {
      if (manner === 'slow') return
      if (manner === 'fails') return response.writeHead(502).end('<html>Bad gateway</html>')
      response.setHeader('Content-Type', 'application/json').end(JSON.stringify(answer(request.url ?? '', body)))
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    behave: (next) => void (manner = next),
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

function answer(path: string, body: string): unknown {
  const query = new URL(path, 'http://register').searchParams
  if (path.startsWith('/api/v3/vehicle/tag/verify')) {
    const tag = { status: 'open', type: 'Overload', reason: 'Left without a memo', station: 'Gilgil', tag_uid: 'T-118' }
    return query.get('reg_no')!.endsWith('T') ? [tag] : []
  }
  if (path.startsWith('/licences')) {
    const isOver = query.get('id_number')!.endsWith('9')
    const expires_on = isOver ? '2020-06-30' : '2099-12-31'
    return { found: true, name: 'Jane Doe', classes: ['B', 'CE'], expires_on, status: 'valid' }
  }
  if (path.startsWith('/vsearch')) return { data: { ...owner, chassis_no: `CH-${JSON.parse(body).regno}` } }
  return { vehicle: { ownerName: owner.owner_name, make: owner.make, model: owner.model } }
}

const owner = { owner_name: 'Simba Haulage Ltd', make: 'Isuzu', model: 'FVZ', year_of_manufacture: 2019 }
