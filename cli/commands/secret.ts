import { keyId, newSecretKey, rotateSecretKey } from '@lango/server'
import { command } from '../command.ts'
import type { Noun } from '../command.ts'
import { findRunning, keepNewSecretKey } from '../home.ts'
import { withInstallation } from '../installation.ts'
import { loadKnownSettings } from '../settings.ts'

const replace = command({
  summary: 'makes a new secret key, beside the one that there is',
  about: `Where the key is the file LANGO_HOME/secret-key, the new one takes its place, and the old one is kept in secret-key.previous;
restart Lango then. Where it is a setting, nothing is changed: the new key is printed, and how to bring it to every node without
a pause. Afterwards: lango secret reseal.`,
  json: '{"key"}, or {"file"} where it is kept in one',
  examples: ['secret replace'],
  async run() {
    const settings = loadKnownSettings()
    const key = newSecretKey()
    if (!settings.LANGO_SECRET_KEY) {
      const file = keepNewSecretKey(settings, key)
      const text = `${file} is a new key, and secret-key.previous the old one. Keep a copy of both.\n1. Restart Lango.\n2. lango secret reseal`
      return { json: { file }, text }
    }
    const text = [
      key,
      '',
      '1. On each node, one after the other: LANGO_PREVIOUS_SECRET_KEYS = this key; restart.',
      '2. On each node, one after the other: LANGO_SECRET_KEY = this key, LANGO_PREVIOUS_SECRET_KEYS = the old one; restart.',
      '3. lango secret reseal',
      '4. After 90 days, take LANGO_PREVIOUS_SECRET_KEYS away. Backups of before still need the old key.',
    ].join('\n')
    return { json: { key }, text }
  },
})

const reseal = command({
  summary: 'seals everything with the present secret key',
  about: `Credentials, webhook secrets, headers and second factors are opened by the key that sealed them and sealed by the present one, a
few at a time while Lango runs. What was cut off goes on when it is run again. Every node must know the present key before.`,
  json: '{"accounts","endpoints","users"}',
  examples: ['secret reseal'],
  async run() {
    const rotated = await withInstallation((context, settings) => {
      const running = findRunning(settings)
      if (running && running.secret_key !== keyId(context.config.secretKeys.current))
        throw new Error(`The Lango that runs here seals with the key ${running.secret_key}. Restart it first.`)
      return rotateSecretKey(context)
    })
    const { accounts, endpoints, users } = rotated
    return {
      json: rotated,
      text: `Sealed anew: ${accounts} accounts, ${endpoints} endpoints, ${users} second factors. Addresses that M-Pesa was given before are believed for 90 days.`,
    }
  },
})

export const secret: Noun = { summary: 'the secret key: replace, reseal', verbs: { replace, reseal } }
