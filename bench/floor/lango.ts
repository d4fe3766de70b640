import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { connect, createNode, createContext, createLog, readSecretKey } from '../../server/index.ts'
import { report } from './report.ts'

const url = 'http://127.0.0.1'
const context = createContext({
  database: connect(process.env['BENCH_DATABASE_URL']!),
  log: createLog('error'),
  config: {
    publicUrl: url,
    secretKeys: { current: readSecretKey(process.env['BENCH_SECRET_KEY']!), previous: [] },
    darajaUrls: { simulator: url, sandbox: url, live: url },
    trustedProxies: [],
  },
})
const server = createAdaptorServer({ fetch: createNode(context).app.fetch })
server.listen(0, '127.0.0.1')
await once(server, 'listening')
report((server.address() as AddressInfo).port)
