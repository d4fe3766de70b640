import { pino } from 'pino'
import type { DestinationStream, Logger, LoggerOptions } from 'pino'
import type { Settings } from './settings.ts'
import { hideNamed } from './hide-secrets.ts'
import { traceOfLine } from './tracing.ts'

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
    serializers: { error: showError, err: showError },
    // A token or a secret may stand in the words of anybody: of a provider, a driver, the runtime.
    mixin: traceOfLine,
    hooks: { streamWrite: hideNamed },
  }
  return destination ? pino(options, destination) : pino(options)
}

type Shown = {
  type: string
  message: string
  code?: string | number
  constraint?: string
  stack?: string
  cause?: Shown
}

const causesMax = 3

/**
 * An error as a log may show it: what it is and where it happened. What else hangs on it is left out, for drivers hang whole
 * connections there, with their passwords, and PostgreSQL the rows that it refused.
 */
export function showError(error: unknown, causes = 0): Shown {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) }
  const { name, message, stack, cause, code, constraint } = error as Error & Pick<Shown, 'code' | 'constraint'>
  return {
    type: error.constructor?.name || name,
    message,
    ...(code !== undefined && { code }),
    ...(constraint !== undefined && { constraint }),
    ...(stack !== undefined && { stack }),
    ...(cause !== undefined && causes < causesMax && { cause: showError(cause, causes + 1) }),
  }
}

const token = /\/([0-9a-f]{8})[0-9a-f]{40,}/g

/** A path as a log may show it: the first 8 characters of a token, no more. */
export function showPath(path: string): string {
  return path.replace(token, '/$1…')
}
