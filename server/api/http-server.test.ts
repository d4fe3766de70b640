import assert from 'node:assert/strict'
import { test } from 'node:test'
import { complaintOfBytes } from '../../testing/fuzz/judge.ts'
import { sendBytes } from '../../testing/fuzz/send.ts'
import { listening } from '../../testing/listening.ts'
import { brokenRequests } from '../../testing/requests/broken.ts'
import { sql } from '../database/sql.ts'

test('what is no request at all is refused like everything else: with a sentence, in one shape', () =>
  listening(async (url) => {
    for (const [what, text] of brokenRequests)
      assert.equal(complaintOfBytes(await sendBytes(url, text)), undefined, what)
    const large = await sendBytes(url, `GET /healthz HTTP/1.1\r\nHost: x\r\nA: ${'b'.repeat(20_000)}\r\n\r\n`)
    assert.match(
      large,
      /^HTTP\/1\.1 400 .*X-Request-Id: req_[0-9a-f]{32}.*"The headers are larger than 16 KB\. Send less\."/s,
    )
    const nowhere = await sendBytes(url, 'GET /v1\\payments HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    assert.match(nowhere, /^HTTP\/1\.1 400 .*"The address is not one of HTTP\./s)
  }))

test('a method that no request can be made of is refused like one that there is not', () =>
  listening(async (url) => {
    for (const body of ['', 'x']) {
      const request = [
        'TRACE /v1/payments HTTP/1.1',
        'Host: x',
        'Connection: close',
        `Content-Length: ${body.length}`,
        '',
        body,
      ]
      assert.match(await sendBytes(url, request.join('\r\n')), /^HTTP\/1\.1 405 .*"There is no TRACE here\."/s)
    }
  }))

test('what is told to us is kept whatever stands in its Host, and whatever it expects', () =>
  listening(async (url, { context }) => {
    const headings = ['Host: a b', 'Host: [::1', 'Host: lango:99999', 'Host:', 'X: y', 'Host: x\r\nExpect: a miracle']
    for (const heading of headings) {
      const request = ['POST /v1/webhooks/mpesa HTTP/1.1', heading, 'Connection: close', 'Content-Length: 2', '', '{}']
      const answer = await sendBytes(url, request.join('\r\n'))
      assert.match(answer, /^HTTP\/1\.1 400 .*"This is not a callback of M-Pesa\."/s, heading)
    }
    const { kept } = await context.database.one<{ kept: number }>(sql`select count(*)::int as kept from strays`)
    assert.equal(kept, headings.length)
  }))
