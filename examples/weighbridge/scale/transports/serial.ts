import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { constants, openSync } from 'node:fs'
import type { Duplex } from 'node:stream'
import { ReadStream } from 'node:tty'
import { promisify } from 'node:util'
import { lineOf } from '../stream-line.ts'
import type { Transport } from '../line.ts'

export type SerialSettings = {
  /** `/dev/ttyUSB0`, `COM3`. */
  path: string
  /** 1200 to 9600, as the indicator is set; 9600 by default. */
  baudRate?: number
  /** 8N1 nearly always. */
  framing?: '8N1' | '7E1'
}

/**
 * A serial line. The package `serialport` is used where it is installed (`npm install serialport`), and is needed under Windows;
 * elsewhere the system itself opens the line, as a terminal.
 */
export function serial(settings: SerialSettings): Transport {
  return {
    name: `serial line ${settings.path}`,
    async open(hear, lost) {
      const SerialPort = await installedSerialPort()
      return lineOf(SerialPort ? await openPort(SerialPort, settings) : await openTerminal(settings), hear, lost)
    },
  }
}

type SerialPortClass = new (options: object) => Duplex

async function installedSerialPort(): Promise<SerialPortClass | undefined> {
  const name: string = 'serialport'
  try {
    return ((await import(name)) as { SerialPort: SerialPortClass }).SerialPort
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') return undefined
    throw error
  }
}

async function openPort(SerialPort: SerialPortClass, settings: SerialSettings): Promise<Duplex> {
  const { path, baudRate = 9600, framing = '8N1' } = settings
  const bits = framing === '7E1' ? { dataBits: 7, parity: 'even' } : { dataBits: 8, parity: 'none' }
  const port = new SerialPort({ path, baudRate, ...bits, stopBits: 1 })
  await once(port, 'open')
  return port
}

async function openTerminal({ path, baudRate = 9600, framing = '8N1' }: SerialSettings): Promise<Duplex> {
  if (process.platform === 'win32') throw new Error('Under Windows a serial line needs `npm install serialport`.')
  const bits = framing === '7E1' ? ['cs7', 'parenb', '-parodd'] : ['cs8', '-parenb']
  const which = process.platform === 'linux' ? '-F' : '-f'
  await promisify(execFile)('stty', [which, path, String(baudRate), 'raw', '-echo', '-cstopb', 'clocal', ...bits])
  // Opened without waiting for a carrier, which scales do not have.
  return new ReadStream(openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK))
}
