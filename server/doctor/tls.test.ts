import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createServer } from 'node:tls'
import { createSimulator } from '../../simulator/index.ts'
import { judgeCertificate, seeCertificate } from './tls.ts'

const now = new Date('2026-11-20T12:00:00Z')
const url = 'https://pay.shop.example'

/** A key and a certificate that nobody vouches for: the simulator makes such, and keeps them in its file. */
async function selfSigned(): Promise<{ key: string; cert: string }> {
  const home = mkdtempSync(join(tmpdir(), 'lango-tls-'))
  try {
    const data = join(home, 'simulator.json')
    const simulator = createSimulator({ data })
    const cert = await (await simulator.fetch(new Request('http://daraja.test/_/certificate'))).text()
    simulator.phones.set('0712345678', { balance: 1 })
    simulator.close()
    const [key] = /-----BEGIN PRIVATE KEY-----[^"]+-----END PRIVATE KEY-----\\n/.exec(readFileSync(data, 'utf8'))!
    return { key: JSON.parse(`"${key}"`), cert }
  } finally {
    rmSync(home, { recursive: true })
  }
}

test('a certificate that nobody vouches for is noticed by connecting', async () => {
  const server = createServer(await selfSigned(), (socket) => socket.on('error', () => {})).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const own = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { wrong } = await seeCertificate(own, now)
  await new Promise((resolve) => server.close(resolve))
  assert.deepEqual(wrong, [`The certificate of ${own} is self-signed. Take one of a public authority.`])
  const { unknown } = await seeCertificate(own, now)
  assert.match(unknown![0]!, /shows none: .*ECONNREFUSED/)
})

test('an address without https shows no certificate', async () => {
  assert.deepEqual(await seeCertificate('http://pay.shop.example', now), {
    unknown: ['http://pay.shop.example is not https.'],
  })
})

test('a certificate is judged by its chain, its name and how long it is valid', () => {
  const certificate = { valid_to: 'Jan 10 00:00:00 2027 GMT', issuer: { O: "Let's Encrypt" } } as never
  const judge = (problem?: string, at = now) => judgeCertificate(url, { certificate, problem }, at)
  assert.deepEqual(judge(), { right: [`${url}: Let's Encrypt, until 2027-01-10, with its chain.`] })
  assert.match(judge('UNABLE_TO_VERIFY_LEAF_SIGNATURE').wrong![0]!, /without the certificates between .*fullchain/)
  assert.match(judge('ERR_TLS_CERT_ALTNAME_INVALID').wrong![0]!, /is for another name/)
  assert.match(judge('CERT_SIGNATURE_FAILURE').wrong![0]!, /is not trusted: CERT_SIGNATURE_FAILURE/)
  assert.match(judge(undefined, new Date('2026-12-30T00:00:00Z')).wrong![0]!, /ends soon/)
})
