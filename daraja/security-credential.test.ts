import assert from 'node:assert/strict'
import { constants, createPublicKey, generateKeyPairSync, privateDecrypt, X509Certificate } from 'node:crypto'
import test from 'node:test'
import { CERTIFICATES } from './certificates.ts'
import { readPublicKey, securityCredential } from './security-credential.ts'

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()

function decrypt(credential: string): string {
  return privateDecrypt(
    { key: privateKey, padding: constants.RSA_PKCS1_PADDING },
    Buffer.from(credential, 'base64'),
  ).toString()
}

test('a password is encrypted so that the holder of the private key reads it', () => {
  for (const password of ['Safaricom999!*!', '', 'ngômbe', 'x'.repeat(245)]) {
    assert.equal(decrypt(securityCredential(password, pem)), password)
  }
})

test('the key is given as PEM text, as bytes of PEM, or as DER', () => {
  const der = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }))
  for (const key of [pem, `Subject: CN=test\n${pem}`, new TextEncoder().encode(pem), der]) {
    assert.equal(decrypt(securityCredential('secret', key)), 'secret')
  }
})

test('each bundled certificate makes 344 characters, and different ones each time', () => {
  for (const name of Object.keys(CERTIFICATES)) {
    const [one, other] = [securityCredential('Safaricom999!*!', name), securityCredential('Safaricom999!*!', name)]
    assert.equal(one.length, 344)
    assert.match(one, /==$/)
    assert.notEqual(one, other)
  }
})

test('the bundled certificates are the ones that Safaricom published', () => {
  const fingerprints = Object.values(CERTIFICATES).map((text) => new X509Certificate(text).fingerprint256.slice(0, 23))
  assert.deepEqual(fingerprints, ['A5:42:C3:C6:7B:59:8A:33', '12:2A:C9:04:7C:BC:99:C8', '94:17:91:52:12:AC:70:8D'])
  for (const text of Object.values(CERTIFICATES))
    assert.equal(createPublicKey(text).asymmetricKeyDetails?.modulusLength, 2048)
})

test('what is no RSA certificate, and a password too long for the key, is an error', () => {
  const { publicKey: elliptic } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  assert.throws(
    () => securityCredential('x', elliptic.export({ type: 'spki', format: 'pem' }).toString()),
    /no certificate/,
  )
  assert.throws(() => securityCredential('x', new Uint8Array([0x30, 0x82, 0x01])), /too early/)
  assert.throws(() => securityCredential('x', 'nonsense'))
  assert.throws(() => securityCredential('x'.repeat(246), pem), /too long/)
})

test('the key that a certificate holds is found in it', () => {
  for (const text of Object.values(CERTIFICATES)) {
    const { n = '' } = createPublicKey(text).export({ format: 'jwk' })
    const { modulus, exponent } = readPublicKey(new Uint8Array(new X509Certificate(text).raw))
    assert.equal(modulus.toString(16), Buffer.from(n, 'base64url').toString('hex'))
    assert.equal(exponent, 65_537n)
  }
})
