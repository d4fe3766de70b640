import { pino } from 'pino'
import type { DestinationStream, Logger, LoggerOptions } from 'pino'
import type { Settings } from './config.ts'
import { hideTokens } from './token.ts'

export type { Logger }

const secretFields = [
  'consumer_key',
  'consumer_secret',
  'passkey',
  'security_credential',
  'initiator_password',
  'webhook_secret',
  'authorization',
]

/** The log: one JSON line each, secrets and callback tokens left out. Without a destination it is the standard output. */
export function createLog(level: Settings['LOG_LEVEL'], destination?: DestinationStream): Logger {
  const options: LoggerOptions = {
    level,
    redact: { paths: secretFields.flatMap((field) => [field, `*.${field}`]), censor: '[secret]' },
    serializers: { error: pino.stdSerializers.err },
    // A token may stand in the words of anybody: of a provider, a driver, the runtime.
    hooks: { streamWrite: hideTokens },
  }
  return destination ? pino(options, destination) : pino(options)
}

const token = /\/([0-9a-f]{8})[0-9a-f]{40,}/g

/** A path as a log may show it: the first 8 characters of a token, no more. */
export function showPath(path: string): string {
  return path.replace(token, '/$1…')
}
