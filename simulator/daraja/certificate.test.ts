import assert from 'node:assert/strict'
import { constants, publicEncrypt, X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import { operator } from '../testing/operator.ts'

test('a credential made with the certificate of the simulator is good, and any other is 2001 once they are checked', async () => {
  const { simulator, resultOf } = operator({ settings: { security_credential: 'checked' } })
  const pem = await (await simulator.fetch('/_/certificate')).text()
  const certificate = new X509Certificate(pem)
  assert.equal(certificate.verify(certificate.publicKey), true)
  const encrypt = (password: string) =>
    publicEncrypt({ key: pem, padding: constants.RSA_PKCS1_PADDING }, Buffer.from(password)).toString('base64')
  const codeFor = async (SecurityCredential: string) =>
    (await resultOf('reversal', { TransactionID: 'UKK0NOTHERE', SecurityCredential })).ResultCode
  assert.equal(await codeFor(encrypt('Safaricom999!*!')), 'R000002')
  assert.equal(await codeFor(encrypt('safaricom')), 2001)
  assert.equal(await codeFor(`${'A'.repeat(342)}==`), 2001)
})
