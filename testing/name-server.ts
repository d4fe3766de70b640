import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { isIPv4 } from 'node:net'

/** What a name server says of one name: where it leads, that there is no such name, or nothing at all. */
export type Saying = { addresses: string[]; ttl?: number; isSilentAboutIpv6?: true } | 'no such name' | 'silence'

/** A name server on a port of this machine, which speaks DNS over UDP. */
export type NameServer = {
  /** Its `address:port`, for `createNames({ servers })`. */
  address: string
  /** Each question for a name's IPv4 addresses, in order. (Each comes with one for its IPv6 addresses.) */
  asked: string[]
  /** From now on says this of a name: one saying after the other, of which the last stays. Other names do not exist. */
  says(name: string, ...sayings: Saying[]): void
  close(): void
}

const ipv4 = 1
const ipv6 = 28

export async function openNameServer(): Promise<NameServer> {
  const known = new Map<string, Saying[]>()
  const asked: string[] = []
  const socket = createSocket('udp4')
  socket.on('message', (message, { port, address }) => {
    const question = readQuestion(message)
    const sayings = known.get(question.name) ?? ['no such name']
    // The question for IPv4 comes first, and is answered as the one for IPv6 after it.
    if (question.type === ipv4) asked.push(question.name)
    const turn = asked.filter((name) => name === question.name).length
    const saying = sayings[Math.max(0, Math.min(turn, sayings.length) - 1)]!
    if (saying === 'silence' || (question.type === ipv6 && isSilentAboutIpv6(saying))) return
    socket.send(answerTo(question, saying), port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked,
    says: (name, ...sayings) => void known.set(name, sayings),
    close: () => socket.close(),
  }
}

function isSilentAboutIpv6(saying: Saying): boolean {
  return typeof saying === 'object' && saying.isSilentAboutIpv6 === true
}

type Question = { id: number; name: string; type: number; bytes: Buffer }

const headerBytes = 12

function readQuestion(message: Buffer): Question {
  const labels: string[] = []
  let at = headerBytes
  for (let length = message[at]!; length > 0; length = message[at]!) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  const bytes = message.subarray(headerBytes, at + 5)
  return {
    id: message.readUInt16BE(0),
    name: labels.join('.').toLowerCase(),
    type: message.readUInt16BE(at + 1),
    bytes,
  }
}

const isAnswer = 0x8180
const noSuchName = 3

function answerTo({ id, type, bytes }: Question, saying: Exclude<Saying, 'silence'>): Buffer {
  const { addresses, ttl = 0 } = saying === 'no such name' ? { addresses: [] } : saying
  const own = addresses.filter((address) => isIPv4(address) === (type === ipv4))
  const header = Buffer.alloc(headerBytes)
  header.writeUInt16BE(id, 0)
  header.writeUInt16BE(isAnswer | (saying === 'no such name' ? noSuchName : 0), 2)
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(own.length, 6)
  return Buffer.concat([header, bytes, ...own.map((address) => record(type, ttl, bytesOf(address)))])
}

function record(type: number, ttl: number, address: Buffer): Buffer {
  const record = Buffer.alloc(12)
  // The name is the one in the question.
  record.writeUInt16BE(0xc00c, 0)
  record.writeUInt16BE(type, 2)
  record.writeUInt16BE(1, 4)
  record.writeUInt32BE(ttl, 6)
  record.writeUInt16BE(address.length, 10)
  return Buffer.concat([record, address])
}

function bytesOf(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number))
  const [head = '', tail = ''] = address.split('::')
  const groups = (text: string) => (text ? text.split(':') : []).map((group) => group.padStart(4, '0'))
  const [left, right] = [groups(head), groups(tail)]
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0000')
  return Buffer.from([...left, ...zeros, ...right].join(''), 'hex')
}
