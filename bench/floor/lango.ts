import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createHttpServer } from '../../server/api/http-server.ts'
import { startDueLoop } from '../../server/database/due.ts'
import { connect, createNode, createContext, createLog, readSecretKey, systemClock } from '../../server/index.ts'
import { report } from './report.ts'

/** Lango itself, as a node is put together; its sweeps run where there is a Daraja to talk to. */
const publicUrl = 'http://localhost'
const daraja = process.env['BENCH_DARAJA_URL']
const url = daraja ?? publicUrl
const context = createContext({
  database: connect(process.env['BENCH_DATABASE_URL']!, {
    connections: 12,
    mayName: process.env['BENCH_NAMES'] !== 'false',
  }),
  log: createLog('error'),
  config: {
    publicUrl,
    secretKeys: { current: readSecretKey(process.env['BENCH_SECRET_KEY']!), previous: [] },
    darajaUrls: { simulator: url, sandbox: url, live: url },
    trustedProxies: [],
  },
})
const { app, takerOf, sweeps } = createNode(context)
const server = createHttpServer(
  { clock: systemClock, publicUrl: () => publicUrl },
  (request, env) => app.fetch(request, env),
  takerOf,
)
if (daraja) startDueLoop(context, sweeps)
server.listen(0, '127.0.0.1')
await once(server, 'listening')
report((server.address() as AddressInfo).port)
