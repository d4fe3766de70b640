import fc from 'fast-check'
import type { Generated } from './generate.ts'

type Twist = (request: Generated) => Generated

const withHeader =
  (name: string, value: string): Twist =>
  (request) => ({ ...request, headers: { ...request.headers, [name]: value } })

const atPath =
  (change: (path: string) => string): Twist =>
  (request) => ({ ...request, path: change(request.path) })

const byMethod =
  (method: string): Twist =>
  (request) => ({ ...request, method })

const twists: Twist[] = [
  withHeader('X-API-Key', ''),
  withHeader('X-API-Key', 'sk_test_nobody'),
  withHeader('X-API-Key', `sk_live_${'x'.repeat(4_000)}`),
  withHeader('X-API-Key', 'ÿ\x80é'),
  withHeader('Authorization', 'Basic eDp5'),
  withHeader('Authorization', 'Bearer '),
  withHeader('Accept', 'text/html'),
  withHeader('Accept', 'text/csv'),
  withHeader('Accept', ';;q=NaN,*/'),
  withHeader('Accept-Encoding', 'gzip, br;q=x'),
  withHeader('Accept-Language', 'sw-KE;q=9,ÿ'),
  withHeader('Content-Encoding', 'gzip'),
  withHeader('Content-Type', 'multipart/form-data'),
  withHeader('Content-Type', 'application/json; charset=utf-16'),
  withHeader('Content-Type', 'APPLICATION/JSON'),
  withHeader('Content-Type', 'application/vnd.api+json'),
  withHeader('Cookie', 'language=%ff; =; a=b=c; __Host-x'),
  withHeader('Expect', 'a miracle'),
  withHeader('Host', 'a b'),
  withHeader('Host', '[::1'),
  withHeader('Host', ''),
  withHeader('Host', 'evil.example:99999'),
  withHeader('Idempotency-Key', ''),
  withHeader('Idempotency-Key', 'k'.repeat(300)),
  withHeader('Idempotency-Key', '__proto__'),
  withHeader('If-None-Match', '*'),
  withHeader('Range', 'bytes=0-'),
  withHeader('X-Forwarded-For', '::1%eth0, 1.2.3'),
  withHeader('X-Forwarded-Host', 'evil.example'),
  withHeader('X-HTTP-Method-Override', 'DELETE'),
  withHeader('X-Request-Id', 'x'.repeat(5_000)),
  withHeader('X-Large', 'x'.repeat(20_000)),
  atPath((path) => `/${path}`),
  atPath((path) => `${path}/`),
  atPath((path) => path.toUpperCase()),
  atPath((path) => path.replace('/v1/', '/v1/../v1/./')),
  atPath((path) => path.replace('/v1/', '/v1/%2e%2e/')),
  atPath((path) => path.replaceAll('/', '%2f')),
  atPath((path) => path.replace('/v1', '/v2')),
  atPath((path) => `${path}%`),
  atPath((path) => `${path}%ff%fe`),
  atPath((path) => `${path}%00`),
  atPath((path) => `${path};jsessionid=1`),
  atPath((path) => `${path}?limit=-1&limit=x&cursor=&since=yesterday`),
  atPath((path) => `${path}?__proto__=1&constructor=2&a[b]=c&%`),
  atPath((path) => `${path}?${'a=1&'.repeat(1_500)}`),
  atPath((path) => path + 'é'.repeat(20)),
  atPath((path) => `${path}/${'x/'.repeat(2_000)}`),
  atPath((path) => `http://elsewhere.example${path}`),
  ...['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'PATCH', 'DELETE', 'PROPFIND', 'QUERY'].map(byMethod),
]

/** The same requests, one in eight of them with something odd about its headers, its path or its method. */
export function oddly(requests: fc.Arbitrary<Generated>): fc.Arbitrary<Generated> {
  const odd = fc.oneof(
    { weight: 7, arbitrary: fc.constant<Twist>((request) => request) },
    { weight: 1, arbitrary: fc.constantFrom(...twists) },
  )
  return fc.tuple(requests, odd).map(([request, twist]) => twist(request))
}

/** What stands outside the API: pages, files, and what is not there. */
export function visitTo(ids: string[]): fc.Arbitrary<Generated> {
  const id = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...ids) },
    fc.constantFrom('pay_', 'lnk_x', 'ÿ', '%00', '..'),
  )
  const checkout = fc.constantFrom(
    '',
    '/',
    '/again',
    '/code',
    '/code?code=UKK7X2M4QA',
    '/code?code=%ff',
    '/events',
    '/events?seen=x',
    '/nothing',
  )
  const paths = fc.oneof(
    { weight: 3, arbitrary: fc.tuple(id, checkout).map(([name, rest]) => `/pay/${encodeURI(name)}${rest}`) },
    fc.constantFrom(
      '/',
      '/docs',
      '/docs/errors',
      '/docs/swagger.js',
      '/healthz',
      '/readyz',
      '/favicon.ico',
      '/v1',
      '/v1/',
      '/.env',
      '/wp-login.php',
      '/metrics',
      '/docs/../../etc/passwd',
      '/docs/%2e%2e/%2e%2e/package.json',
    ),
  )
  const form = fc.oneof(
    fc
      .record({
        phone: fc.oneof(fc.constantFrom('0712345678', 'same', '', '٠٧١٢', 'x'.repeat(20_000)), fc.string()),
        code: fc.string(),
      })
      .map((fields) => new URLSearchParams(fields).toString()),
    fc.constantFrom('', 'phone', 'phone=%', 'phone=%ff', 'phone[]=1', '{"phone":1}', '\0'),
  )
  const types = fc.constantFrom(
    'application/x-www-form-urlencoded',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'multipart/form-data',
    'application/json',
    'x',
  )
  return fc.oneof(
    paths.map((path) => ({ method: 'GET', path, headers: { Accept: 'text/html' } })),
    paths.map((path) => ({ method: 'GET', path, headers: {} })),
    fc
      .tuple(paths, form, types)
      .map(([path, body, type]) => ({ method: 'POST', path, headers: { 'Content-Type': type }, body })),
  )
}
