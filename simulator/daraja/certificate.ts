import { constants, createPublicKey, generateKeyPairSync, privateDecrypt, sign } from 'node:crypto'
import type { World } from '../world.ts'

type Identity = { private_key: string; certificate: string }

/** The simulator's certificate as PEM, for making a SecurityCredential that it can read. Made when first asked for. */
export const certificate = (world: World): string => identity(world).certificate

/** The password in a SecurityCredential; noise if it was encrypted for somebody else. */
export function decryptCredential(world: World, credential: string): string {
  const key = { key: identity(world).private_key, padding: constants.RSA_PKCS1_PADDING }
  return privateDecrypt(key, Buffer.from(credential, 'base64')).toString()
}

function identity(world: World): Identity {
  const identities = world.memory.collection<Identity>('identity')
  const found = identities.get('own')
  if (found !== undefined) return found
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const made = { private_key: privateKey, certificate: selfSigned(world, privateKey) }
  identities.set('own', made)
  return made
}

const sha256WithRsa = sequence(der(0x06, Buffer.from('2a864886f70d01010b', 'hex')), der(0x05))
const commonName = der(0x06, Buffer.from('550403', 'hex'))

/** An X.509 certificate, version 1, in DER and then PEM: node:crypto reads certificates but makes none. */
function selfSigned({ clock }: World, privateKey: string): string {
  const name = sequence(der(0x31, sequence(commonName, der(0x0c, Buffer.from('lango-simulator')))))
  const year = clock.now().getUTCFullYear()
  const validity = sequence(generalizedTime(`${year - 1}0101000000Z`), generalizedTime(`${year + 10}0101000000Z`))
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' })
  const content = sequence(der(0x02, Buffer.from([1])), sha256WithRsa, name, validity, name, publicKey)
  const signature = der(0x03, Buffer.from([0]), sign('sha256', content, privateKey))
  const lines =
    sequence(content, sha256WithRsa, signature)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}

function der(tag: number, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents)
  const { length } = content
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

function sequence(...contents: Buffer[]): Buffer {
  return der(0x30, ...contents)
}

function generalizedTime(text: string): Buffer {
  return der(0x18, Buffer.from(text))
}
