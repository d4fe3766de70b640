import { isIP } from 'node:net'
import { connect } from 'node:tls'
import type { PeerCertificate, TLSSocket } from 'node:tls'
import { later } from '../clock.ts'
import type { Seen } from './finding.ts'

const waitMsMax = 10_000
const endsSoonMs = 14 * 86_400_000

/** What a server shows to whoever connects: its certificate, and why that would not be trusted. */
export type Shown = { certificate: PeerCertificate; problem?: string | undefined }

/** Connects to an https address as Safaricom does, and judges what it shows there, as far as this machine sees it. */
export async function seeCertificate(url: string, now: Date): Promise<Seen> {
  const { protocol, hostname, port } = new URL(url)
  if (protocol !== 'https:') return { unknown: [`${url} is not https.`] }
  const host = hostname.replace(/^\[|\]$/g, '')
  try {
    return judgeCertificate(url, await show(host, Number(port) || 443), now)
  } catch (error) {
    return { unknown: [`${url} shows none: ${(error as Error).message}.`] }
  }
}

const words = new Map(
  Object.entries<string>({
    UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      'comes without the certificates between it and its authority. Have the server send the full chain (fullchain.pem)',
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
      'comes without the certificates between it and its authority, or is of one that nobody knows. Have the server send the full chain (fullchain.pem)',
    DEPTH_ZERO_SELF_SIGNED_CERT: 'is self-signed. Take one of a public authority',
    SELF_SIGNED_CERT_IN_CHAIN: 'is of an authority of your own. Take one of a public authority',
    CERT_HAS_EXPIRED: 'has ended. Renew it',
    ERR_TLS_CERT_ALTNAME_INVALID: 'is for another name',
  }),
)

/** What is wrong with what a server shows, or by when it must be renewed. */
export function judgeCertificate(url: string, { certificate, problem }: Shown, now: Date): Seen {
  if (problem) return { wrong: [`The certificate of ${url} ${words.get(problem) ?? `is not trusted: ${problem}`}.`] }
  const ends = new Date(certificate.valid_to)
  const until = `${[certificate.issuer.O ?? certificate.issuer.CN].flat().join(', ')}, until ${ends.toISOString().slice(0, 10)}`
  if (ends < later(now, endsSoonMs))
    return { wrong: [`The certificate of ${url} ends soon (${until}). See why nothing renewed it.`] }
  return { right: [`${url}: ${until}, with its chain.`] }
}

function show(host: string, port: number): Promise<Shown> {
  return new Promise((resolve, reject) => {
    // Not trusted is what is to be told of, so that the connection must come about nevertheless. Nothing is said on it.
    const socket: TLSSocket = connect({
      host,
      port,
      ...(isIP(host) ? {} : { servername: host }),
      rejectUnauthorized: false,
    })
    socket.setTimeout(waitMsMax, () => socket.destroy(new Error('it did not answer in time')))
    socket.once('error', reject)
    socket.once('secureConnect', () => {
      const error = socket.authorizationError as Error & { code?: string }
      resolve({
        certificate: socket.getPeerCertificate(),
        ...(socket.authorized ? {} : { problem: error.code ?? String(error) }),
      })
      socket.destroy()
    })
  })
}
