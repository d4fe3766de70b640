import { X509Certificate } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CERTIFICATES } from '@lango/daraja/certificates'
import { findingOf } from './finding.ts'
import type { Finding, Seen } from './finding.ts'

const bitsMin = 2048
const isCertificate = /\.(cer|crt|der|pem)$/i

/** What the bundled certificates are for, by their fingerprints. */
const published = new Map(
  Object.entries(CERTIFICATES).map(([name, text]) => [
    new X509Certificate(text).fingerprint256,
    name === 'production' ? 'for production' : 'for the sandbox',
  ]),
)

/** Finds the certificates in a folder, such as `certs/ProductionCertificate.cer`, judges and names each. */
export function examineCertificates(folder: string | undefined, now: Date): Finding {
  return findingOf(
    "Safaricom's certificate is at hand",
    "Take the certificate anew from Safaricom's portal, or remove the file: Lango brings those that Safaricom published.",
    ...seeFolder(folder, now),
  )
}

function seeFolder(folder: string | undefined, now: Date): Seen[] {
  const files = folder && existsSync(folder) ? readdirSync(folder).filter((file) => isCertificate.test(file)) : []
  if (files.length > 0) return files.map((file) => see(`certs/${file}`, readFileSync(join(folder!, file)), now))
  const bundled = new X509Certificate(CERTIFICATES.production)
  return [
    {
      right: [
        `There is none in certs/. Lango brings the one ${published.get(bundled.fingerprint256)}: ${nameOf(bundled)}.`,
      ],
    },
  ]
}

/** What a file is that should be a certificate, in PEM or DER. */
export function see(file: string, content: Buffer, now: Date): Seen {
  let certificate
  try {
    certificate = new X509Certificate(content)
  } catch {
    return { wrong: [`${file} is no certificate.`] }
  }
  const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey
  if (asymmetricKeyType !== 'rsa' || (asymmetricKeyDetails?.modulusLength ?? 0) < bitsMin)
    return { wrong: [`${file} has no RSA key of ${bitsMin} bits or more: ${nameOf(certificate)}.`] }
  const purpose = published.get(certificate.fingerprint256)
  // Whether it has ended does not count: every one that Safaricom published has, and is still what it decrypts with.
  if (purpose)
    return {
      right: [
        `${file} is the one that Safaricom published ${purpose}, and is still what it uses: ${nameOf(certificate)}.`,
      ],
    }
  if (certificate.validToDate < now || certificate.validFromDate > now)
    return {
      wrong: [
        `${file} is none that Safaricom is known to have published, and not valid today: ${nameOf(certificate)}.`,
      ],
    }
  return {
    unknown: [
      `${file} is none that Safaricom is known to have published; whether it is Safaricom's shows when it is used: ${nameOf(certificate)}.`,
    ],
  }
}

function nameOf({ subject, publicKey, validFromDate, validToDate, fingerprint256 }: X509Certificate): string {
  const name = /^CN=(.+)$/m.exec(subject)?.[1] ?? subject.replaceAll('\n', ', ')
  const { asymmetricKeyType, asymmetricKeyDetails } = publicKey
  const key = `${asymmetricKeyType?.toUpperCase()} ${asymmetricKeyDetails?.modulusLength ?? ''}`.trim()
  const [from, until] = [validFromDate, validToDate].map((date) => date.toISOString().slice(0, 10))
  return `${name}, ${key}, dated ${from} to ${until}, SHA-256 ${fingerprint256.slice(0, 23)}…`
}
