import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

/** An SMTP server, the letters that it took, and what it answers instead of taking one. */
export type Post = { letters: string[]; url: string; refuse: number | undefined; close(): void }

/** What a reader sees of a letter: its head, each of its bodies, and the names of what is attached. */
export type Read = {
  head: string
  subject: string
  to: string
  text: string
  html: string
  files: { name: string; bytes: Buffer }[]
}

/** A real SMTP server that wants a password; `refuse` says what it answers to a letter instead of taking it. */
export async function openPost(): Promise<Post> {
  const letters: string[] = []
  const post: Post = { letters, url: '', refuse: undefined, close: () => server.close() }
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) =>
      password === 'siri' ? done(null, { user: username }) : done(new Error('No.')),
    onData(stream, _session, done) {
      const pieces: Buffer[] = []
      stream.on('data', (piece: Buffer) => pieces.push(piece))
      stream.on('end', () => {
        if (post.refuse) return done(Object.assign(new Error('Not now.'), { responseCode: post.refuse }))
        letters.push(Buffer.concat(pieces).toString())
        done()
      })
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  post.url = `smtp://lango:siri@127.0.0.1:${(server.server.address() as AddressInfo).port}`
  return post
}

/** Opens a letter as a program for mail does: lines that were folded are one, and bodies are decoded. */
export function readLetter(letter: string): Read {
  const [head, body] = halves(letter)
  const parts = partsOf(head, body)
  const bodyOf = (type: string) =>
    parts
      .find(({ head: own }) => own.includes(type))
      ?.bytes.toString()
      .replaceAll('\r\n', '\n') ?? ''
  return {
    head,
    subject: words(/^Subject: (.*)$/m.exec(head)![1]!),
    to: /^To: (.*)$/m.exec(head)![1]!,
    text: bodyOf('text/plain'),
    html: bodyOf('text/html'),
    files: parts.flatMap(({ head: own, bytes }) => {
      const name = /filename="?([^";\n]+)/.exec(own)?.[1]
      return name ? [{ name, bytes }] : []
    }),
  }
}

function halves(text: string): [head: string, body: string] {
  const at = text.indexOf('\r\n\r\n')
  return [
    text
      .slice(0, at)
      .replace(/\r\n[ \t]+/g, ' ')
      .replaceAll('\r\n', '\n'),
    text.slice(at + 4),
  ]
}

function partsOf(head: string, body: string): { head: string; bytes: Buffer }[] {
  const boundary = /boundary="?([^";\n]+)/.exec(head)?.[1]
  if (!boundary) return [{ head, bytes: decoded(head, body) }]
  return body
    .split(`--${boundary}`)
    .slice(1, -1)
    .flatMap((part) => partsOf(...halves(part.replace(/^\r\n/, ''))))
}

function decoded(head: string, body: string): Buffer {
  if (/encoding: base64/i.test(head)) return Buffer.from(body, 'base64')
  if (!/encoding: quoted-printable/i.test(head)) return Buffer.from(body)
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
  return Buffer.from(bytes, 'latin1')
}

/** A header as it is read, whatever it is packed in. */
function words(text: string): string {
  return text
    .replace(/\?= =\?/g, '?==?')
    .replace(/=\?UTF-8\?([QB])\?(.*?)\?=/gi, (_, way: string, packed: string) =>
      way.toUpperCase() === 'B'
        ? Buffer.from(packed, 'base64').toString()
        : decoded('encoding: quoted-printable', packed.replaceAll('_', ' ')).toString(),
    )
}
