import { homedir } from 'node:os'
import { join } from 'node:path'
import { createLango } from '@lango/client'
import limits from './case/limits.json' with { type: 'json' }
import { openStore } from './case/store.ts'
import { systemNow } from './clock.ts'
import { registers } from './look-ups/registers.ts'
import { openStation } from './open-station.ts'
import { indicators } from './scale/indicators.ts'
import type { IndicatorName } from './scale/indicators.ts'
import { openScale } from './scale/scale.ts'
import { transportOf } from './scale/transport-of.ts'
import { openDisplay } from './scale/truconnect/display.ts'
import { openTruConnect } from './scale/truconnect/open.ts'
import { openOutbox } from './scale/truconnect/outbox.ts'
import { drive } from './simulated/drive.ts'
import { provideEcitizen } from './simulated/ecitizen-account.ts'
import { openSimulatedRegisters } from './simulated/registers.ts'
import { openSimulatedScale } from './simulated/scale.ts'

// What is not set is simulated: a scale over which trucks drive, and registers that know every plate and driver.
const {
  LANGO_URL = 'http://localhost:4000',
  LANGO_KEY,
  LANGO_WEBHOOK_SECRET,
  WEIGHBRIDGE_PORT = '3100',
  WEIGHBRIDGE_FILE = join(homedir(), '.lango-weighbridge.db'),
  SCALE_MAKE = 'zm510',
  SCALE,
  NTSA_URL,
  NTSA_KEY = '',
  KENHA_URL,
  KENHA_KEY = '',
  LICENCES_URL,
  LICENCES_KEY = '',
  CLOUD_URL,
  CLOUD_TOKEN,
  DISPLAY_AT,
  DISPLAY_KIND = 'avery',
} = process.env

if (!LANGO_KEY) fail('Set LANGO_KEY to the test key that `npm start` prints.')
if (!(SCALE_MAKE in indicators)) fail(`SCALE_MAKE is one of ${Object.keys(indicators).join(', ')}.`)
const make = SCALE_MAKE as IndicatorName

const lango = createLango({ url: LANGO_URL, key: LANGO_KEY! })
const simulated = SCALE ? undefined : await openSimulatedScale(make, 'tcp')
if (simulated) drive(simulated)
const transport = SCALE ? transportOf(SCALE) : simulated!.transport
const simulatedUrl = NTSA_URL || KENHA_URL || LICENCES_URL ? undefined : (await openSimulatedRegisters()).url

const scale = openScale({ indicator: indicators[make], transport })

try {
  await provideEcitizen(lango, { url: LANGO_URL, key: LANGO_KEY! })
  const { url } = await openStation({
    port: Number(WEIGHBRIDGE_PORT),
    scale,
    store: openStore(WEIGHBRIDGE_FILE),
    lango,
    lookUps: registers({
      url: simulatedUrl,
      ntsaUrl: NTSA_URL ?? simulatedUrl,
      ntsaKey: NTSA_KEY,
      kenhaUrl: KENHA_URL ?? simulatedUrl,
      kenhaKey: KENHA_KEY,
      licencesUrl: LICENCES_URL ?? simulatedUrl,
      licencesKey: LICENCES_KEY,
      now: systemNow,
    }),
    limits,
    now: systemNow,
    // Tells Lango where the weighbridge is. One that runs for years is told its secret instead.
    subscribe: async (hook) => LANGO_WEBHOOK_SECRET ?? (await lango.webhookEndpoints.set({ url: hook })).webhook_secret,
  })
  const outbox = CLOUD_URL
    ? openOutbox({ path: WEIGHBRIDGE_FILE, url: CLOUD_URL, token: CLOUD_TOKEN, now: systemNow })
    : undefined
  await openTruConnect({ scale, now: systemNow, outbox })
  if (DISPLAY_AT) openDisplay(scale, transportOf(DISPLAY_AT), DISPLAY_KIND === 'reversed' ? 'reversed' : 'avery')
  console.log(`The weighbridge is open: ${url}`)
} catch (error) {
  fail(`The weighbridge cannot be opened: ${(error as Error).message}`)
}

function fail(sentence: string): never {
  console.error(sentence)
  process.exit(1)
}
