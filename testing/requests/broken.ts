/** What is no HTTP, or hardly: bytes as they are written to a connection, each to be answered or closed. */
export const brokenRequests: [what: string, text: string][] = [
  ['no HTTP at all', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ['another version', 'GET /v1/payments HTTP/9.9\r\nHost: x\r\n\r\n'],
  ['no version', 'GET /healthz\r\n\r\n'],
  ['a verb that is none', 'GIVE /v1/payments HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['no host', 'GET /v1/payments HTTP/1.1\r\n\r\n'],
  ['two hosts', 'GET /v1/payments HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n'],
  ['a host that is none', 'GET /v1/payments HTTP/1.1\r\nHost: <x>\r\nConnection: close\r\n\r\n'],
  ['a tunnel', 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n'],
  ['another protocol', 'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'],
  ['all of the server', 'OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'],
  ['a path of bytes', 'GET /v1/\xff\xfe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'],
  ['a path with a space', 'GET /v1/pay ments HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['a header without a name', 'GET /healthz HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n'],
  ['a header with a line end', 'GET /healthz HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n\r\n'],
  ['headers of 20 KB', `GET /healthz HTTP/1.1\r\nHost: x\r\nA: ${'b'.repeat(20_000)}\r\n\r\n`],
  ['two lengths', 'POST /v1/in/x HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}'],
  ['a length below nothing', 'POST /v1/in/x HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n{}'],
  [
    'a length and chunks',
    'POST /v1/in/x HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  [
    'chunks of no length',
    'POST /v1/in/x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n',
  ],
  ['a coding that nobody knows', 'POST /v1/in/x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: brotli\r\n\r\n{}'],
]
