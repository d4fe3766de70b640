import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createHttpServer } from '../server/api/http-server.ts'
import { createNode } from '../server/node.ts'
import { publicUrl, story } from './story.ts'
import type { Story } from './story.ts'

/** A story whose server listens on a port of this machine, at `url`. */
export function listening(plot: (url: string, told: Story) => Promise<void>): Promise<void> {
  return story({}, async (told) => {
    const { app, takerOf } = createNode(told.context)
    const server = createHttpServer(
      { clock: told.clock, publicUrl: () => publicUrl },
      (request, env) => app.fetch(request, env),
      takerOf,
    ).listen(0, '127.0.0.1')
    await once(server, 'listening')
    try {
      await plot(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, told)
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })
}
