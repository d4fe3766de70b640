import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { text } from 'node:stream/consumers'
import { createHttpServer } from '../server/api/http-server.ts'
import { createNode } from '../server/node.ts'
import { publicUrl, story } from './story.ts'

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
const nobody = '00000000000000000000000000000000'

/** Every address that the server has, with something in the place of what it names. */
function addressesOf(routes: { path: string }[]): string[] {
  const paths = routes.map(({ path }) => path.replace(/:\w+(\{[^}]*\})?\??/g, nobody).replaceAll('*', 'nothing'))
  return [...new Set([...paths, '/', '/nothing/here', '/docs/assets/swagger-ui.css', '/web/lango.css', '/v1'])]
}

/** What an answer lacks. A letter alone is framed, by our own page, and can do nothing there. */
function complaint(headers: Headers, isSecure: boolean): string[] {
  const policy = headers.get('content-security-policy') ?? ''
  const isFramed = policy.startsWith("sandbox; default-src 'none'") && policy.includes("frame-ancestors 'self'")
  return [
    ...(/default-src '(none|self)'/.test(policy) ? [] : ['default-src']),
    ...(isFramed || policy.includes("frame-ancestors 'none'") ? [] : ['frame-ancestors']),
    ...(policy.includes("base-uri 'none'") ? [] : ['base-uri']),
    ...(/script-src[^;]*unsafe/.test(policy) ? ['a script of anybody'] : []),
    ...(headers.get('x-content-type-options') === 'nosniff' ? [] : ['nosniff']),
    ...(headers.get('x-frame-options') === (isFramed ? 'SAMEORIGIN' : 'DENY') ? [] : ['frames']),
    ...(/^(no-referrer|same-origin)$/.test(headers.get('referrer-policy') ?? '') ? [] : ['referrer']),
    ...(headers.has('strict-transport-security') === isSecure ? [] : ['transport']),
    ...(headers.has('cache-control') ? [] : ['cache']),
    ...(headers.has('x-powered-by') || headers.has('server') ? ['names its maker'] : []),
  ]
}

/** What a page brings along, and its own policy keeps from it: a browser leaves that out in silence. */
function forbidden(headers: Headers, page: string): string[] {
  if (!headers.get('content-type')?.startsWith('text/html')) return []
  const policy = headers.get('content-security-policy') ?? ''
  const [styles, scripts] = ['style-src', 'script-src'].map(
    (name) => new RegExp(`(?:${name}|default-src) ([^;]*)(?!.*${name})`).exec(policy)?.[1] ?? '',
  ) as [string, string]
  const isNamed = (text: string, sources: string) =>
    sources.includes(createHash('sha256').update(text).digest('base64')) || sources.includes('unsafe-inline')
  return [
    ...(/<link [^>]*rel="stylesheet"/.test(page) && !styles.includes("'self'") ? ['its stylesheet'] : []),
    ...(/<script [^>]*src=/.test(page) && !scripts.includes("'self'") ? ['its script'] : []),
    ...[...page.matchAll(/<style>(.*?)<\/style>/gs)].flatMap(([, text]) => (isNamed(text!, styles) ? [] : ['a style'])),
    ...[...page.matchAll(/<script>(.*?)<\/script>/gs)].flatMap(([, text]) =>
      isNamed(text!, scripts) ? [] : ['a script'],
    ),
  ]
}

test('every answer of every route, failures and pages too, says what a browser may do with it', () =>
  story({}, async ({ context, merchant }) => {
    const { app } = createNode(context)
    const bad: string[] = []
    const asking: Record<string, string>[] = [{ Accept: 'text/html' }, { 'X-API-Key': merchant.key }]
    let answers = 0
    for (const path of addressesOf(app.routes))
      for (const method of methods)
        for (const headers of asking) {
          const response = await app.request(path, { method, headers })
          answers++
          const missing = [
            ...complaint(response.headers, true),
            ...forbidden(response.headers, await response.text()).map((what) => `keeps ${what} from a page`),
          ]
          if (missing.length > 0) bad.push(`${method} ${path} ${response.status}: ${missing.join()}`)
        }
    assert.deepEqual(bad, [])
    assert.ok(answers > 1_000, `Only ${answers} answers were looked at.`)

    const plain = createNode({ ...context, config: { ...context.config, publicUrl: 'http://localhost:4000' } })
    assert.deepEqual(complaint((await plain.app.request('/docs')).headers, false), [])
  }))

test('what is no request at all is answered with the same headers', () =>
  story({}, async ({ context, clock }) => {
    const { app } = createNode(context)
    const server = createHttpServer({ clock, publicUrl: () => publicUrl }, (request) => app.fetch(request)).listen(0)
    await once(server, 'listening')
    try {
      for (const said of [
        'rubbish\r\n\r\n',
        'TRACE / HTTP/1.1\r\nConnection: close\r\n\r\n',
        'GET \\ HTTP/1.1\r\nConnection: close\r\n\r\n',
      ]) {
        const socket = connect((server.address() as AddressInfo).port)
        socket.write(said)
        const [head] = (await text(socket)).split('\r\n\r\n')
        const lines = head!
          .split('\r\n')
          .slice(1)
          .map((line) => line.split(/: (.*)/).slice(0, 2) as [string, string])
        assert.deepEqual(complaint(new Headers(lines), true), [], said)
      }
    } finally {
      server.close()
    }
  }))
