import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressesOf } from './addresses.ts'
import { configOf } from './config.ts'
import { knownAmong, readSettings } from './read-settings.ts'
import { settings } from './settings.ts'

const account = {
  MPESA_CONSUMER_KEY: 'key',
  MPESA_CONSUMER_SECRET: 'secret',
  MPESA_BUSINESS_SHORT_CODE: '600123',
  MPESA_PASS_KEY: 'passkey',
}

const refused: [environment: Record<string, string>, told: RegExp][] = [
  [
    { TRUSTED_PROXIES: '10.0.0.0/99' },
    /^Bad setting TRUSTED_PROXIES: .*"10\.0\.0\.0\/99", which is no address and no network/,
  ],
  [{ TRUSTED_PROXIES: '127.0.0.1, ::1/129' }, /"::1\/129", which is no address and no network/],
  [{ TRUSTED_PROXIES: '10.0.0.0/' }, /"10\.0\.0\.0\/", which is no address and no network/],
  [{ TRUSTED_PROXIES: '10.0.0.0/8/8' }, /"10\.0\.0\.0\/8\/8", which is no address/],
  [{ TRUSTED_PROXIES: 'fe80::1%eth0' }, /"fe80::1%eth0", which is no address/],
  [{ TRUSTED_PROXIES: 'proxy.example' }, /"proxy\.example", which is no address and no network such as 10\.0\.0\.0\/8/],
  [{ PORT: 'abc' }, /^Bad setting PORT: it must be a port, a number from 0 to 65535\. \(The port of the API/],
  [{ PORT: '65536' }, /^Bad setting PORT: /],
  [{ PORT: '-1' }, /^Bad setting PORT: /],
  [{ PORT: '0x10' }, /^Bad setting PORT: /],
  [{ PORT: '4711', SIMULATOR_PORT: '4711' }, /^PORT and SIMULATOR_PORT are both 4711\. /],
  [{ PUBLIC_URL: 'shop.example' }, /^Bad setting PUBLIC_URL: it must be an address such as https:/],
  [{ PUBLIC_URL: 'ftp://shop.example' }, /^Bad setting PUBLIC_URL: /],
  [{ PUBLIC_URL: 'https://MPESA.shop.example' }, /^Bad setting PUBLIC_URL: it must not contain "mpesa"/],
  [{ PUBLIC_URL: 'https://shop.example/?a=1' }, /^Bad setting PUBLIC_URL: .*without user, query and fragment/],
  [
    { MPESA_CALLBACK_URL: 'https://mpesa.shop.example/callback' },
    /^Bad setting MPESA_CALLBACK_URL: it must not contain "mpesa"/,
  ],
  [{ LOG_LEVEL: 'loud' }, /^Bad setting LOG_LEVEL: it must be one of fatal, error, /],
  [{ LANGO_SECRET_KEY: 'hush-hush' }, /^Bad setting LANGO_SECRET_KEY: it must be 64 hex digits/],
  [
    { DATABASE_URL: 'mysql://lango:hush-hush@localhost/lango' },
    /^Bad setting DATABASE_URL: it must be an address such as postgres:/,
  ],
  [{ DATABASE_URL: 'postgres://lango:hush-hush@localhost/lango' }, /^DATABASE_URL needs LANGO_SECRET_KEY/],
  [{ LANGO_PROT: '4000' }, /^Unknown setting LANGO_PROT\. Remove it, or use one of: PORT, /],
  [
    { MPESA_CONSUMER_KEY: 'hush-hush' },
    /^MPESA_CONSUMER_SECRET is missing: the four of MPESA_CONSUMER_KEY, .* go together/,
  ],
  [{ MPESA_ENVIRONMENT: 'sandbox' }, /^MPESA_CONSUMER_KEY is missing: /],
  [{ ...account, MPESA_BUSINESS_SHORT_CODE: '12' }, /^Bad setting MPESA_BUSINESS_SHORT_CODE: it must be 5 to 7 digits/],
  [
    { ...account, MPESA_ENVIRONMENT: 'production' },
    /^Bad setting MPESA_ENVIRONMENT: it must be one of simulator, sandbox, live/,
  ],
  [
    { ...account, MPESA_ENVIRONMENT: 'live' },
    /^MPESA_ENVIRONMENT is live, and http:\/\/localhost:4000 is known to this machine .* Set PUBLIC_URL/,
  ],
  [
    { ...account, MPESA_ENVIRONMENT: 'live', PUBLIC_URL: 'http://pay.shop.example' },
    /http:\/\/pay\.shop\.example is not https: .* Set PUBLIC_URL/,
  ],
  [
    {
      ...account,
      MPESA_ENVIRONMENT: 'live',
      PUBLIC_URL: 'https://pay.shop.example',
      MPESA_CALLBACK_URL: 'https://10.1.2.3/in',
    },
    /https:\/\/10\.1\.2\.3 is known to this machine .* Set MPESA_CALLBACK_URL/,
  ],
]

for (const [environment, told] of refused) {
  const shown = Object.entries(environment).map(([name, value]) => `${name}=${value}`)
  test(`${shown.join(' ')} is refused, in a sentence that gives no secret away`, () => {
    assert.throws(
      () => readSettings(environment),
      ({ message }: Error) =>
        told.test(message) &&
        !message.includes('hush') &&
        !message.includes('\n') &&
        !message.includes('Invalid input'),
    )
  })
}

test('a file may hold numbers and lists, and null for what is not set; the environment goes before it', () => {
  const file = {
    PORT: 4100,
    MPESA_BUSINESS_SHORT_CODE: null,
    TRUSTED_PROXIES: ['10.0.0.0/8', '::1'],
    HOST: ' 0.0.0.0 ',
  }
  const read = readSettings({ PORT: '4200', HOST: '' }, file)
  assert.deepEqual([read.PORT, read.HOST, read.TRUSTED_PROXIES], [4200, '0.0.0.0', ['10.0.0.0/8', '::1']])
  for (const value of [true, {}, [1], [['::1']]])
    assert.throws(() => readSettings({}, { HOST: value }), /^Error: Bad setting HOST: it must be a text or a number\. /)
})

test('what is set for a shop beside it, and what is not ours, is left alone', () => {
  readSettings({
    LANGO_KEY: 'sk_test_1',
    LANGO_URL: 'http://localhost:4000',
    LANGO_WEBHOOK_SECRET: 'whsec_1',
    EDITOR: 'vi',
  })
  assert.deepEqual(readSettings(knownAmong({ LANGO_PROT: '1', PORT: '4100' })).PORT, 4100)
})

const addresses: [settings: Record<string, string>, publicUrl: string, callbacks?: string][] = [
  [{}, 'http://localhost:4000'],
  [{ PUBLIC_URL: 'https://pay.shop.example/' }, 'https://pay.shop.example'],
  [{ PUBLIC_URL: 'https://shop.example/pay/' }, 'https://shop.example/pay'],
  [{ MPESA_CALLBACK_URL: 'https://shop.example/v1/webhooks/mpesa' }, 'https://shop.example'],
  [{ MPESA_CALLBACK_URL: 'https://shop.example/api/mpesa/callback?source=daraja' }, 'https://shop.example'],
  [{ MPESA_CALLBACK_URL: 'https://shop.example/pay/v1/in/' }, 'https://shop.example/pay'],
  [
    { PUBLIC_URL: 'https://shop.example/pay', MPESA_CALLBACK_URL: 'https://shop.example/pay/callback' },
    'https://shop.example/pay',
  ],
  [
    { PUBLIC_URL: 'https://shop.example', MPESA_CALLBACK_URL: 'https://tunnel.example:8443/cb' },
    'https://shop.example',
    'https://tunnel.example:8443',
  ],
]

for (const [given, publicUrl, callbackBaseUrl] of addresses) {
  test(`${JSON.stringify(given)} is reached at ${publicUrl}, and by callbacks at ${callbackBaseUrl ?? 'the same'}`, () => {
    const read = addressesOf(readSettings(given), 'http://localhost:4000')
    assert.deepEqual(read, callbackBaseUrl ? { publicUrl, callbackBaseUrl } : { publicUrl })
  })
}

test('a node is set as its settings say', () => {
  const secretKeys = { current: Buffer.alloc(32), previous: [] }
  const config = configOf(readSettings({ LANGO_HOME: '/srv/lango' }), {
    url: 'http://127.0.0.1:4000',
    secretKeys,
    simulatorUrl: 'http://localhost:4010',
  })
  assert.equal(config.publicUrl, 'http://localhost:4000')
  assert.equal(config.darajaUrls.live, 'https://api.safaricom.co.ke')
  assert.equal(config.home, '/srv/lango')
})

test('every setting has its sentence', () => {
  for (const [name, { description }] of Object.entries(settings.shape))
    assert.match(description ?? '', /^[A-Z].*\.$/, name)
})
