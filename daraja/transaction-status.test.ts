import assert from 'node:assert/strict'
import test from 'node:test'
import { readFixture } from './fixtures/fixture.ts'
import { recorded, scriptedDaraja } from './fixtures/gateway.ts'
import { parseTransactionStatusResult, transactionStatus } from './transaction-status.ts'

const asked = {
  initiator: 'testapi',
  securityCredential: 'x',
  shortcode: '600782',
  resultUrl: 'https://shop.example/in/1f2e',
  timeoutUrl: 'https://shop.example/in/1f2e/timeout',
}

const found = {
  status: 'Completed',
  receipt: 'MBN31H462N',
  amount: 300,
  debitParty: { identifier: '600310', name: 'Safaricom333' },
  creditParty: { identifier: '254708374149', name: 'John Doe' },
  initiatedAt: new Date('2018-02-23T02:41:12Z'),
  finalisedAt: new Date('2018-02-23T02:41:12Z'),
  reasonType: 'Business Payment to Customer via API',
  reason: undefined,
  debitAccountType: 'Utility Account',
  charges: [{ name: 'Fee For B2C Payment', currency: 'KES', amount: 22.4 }],
  originatorConversationId: '3211-416020-3',
  conversationId: 'AG_20180223_000041b09c22e613d6c9',
}

test('the status of a transaction is read by name, with the credit party under either of its names', () => {
  for (const name of ['success', 'credit-party']) {
    const { result, ...transaction } =
      parseTransactionStatusResult(readFixture(`transaction-status.result.${name}.json`)) ?? assert.fail()
    assert.equal(result.resultCode, '0')
    assert.equal(result.originatorConversationId, '3213-416199-2', "The envelope's ids are the question's.")
    assert.deepEqual(transaction, found)
  }
})

test('a question that was not answered tells nothing about the transaction', () => {
  const answer = parseTransactionStatusResult(readFixture('transaction-status.result.failure.json'))
  assert.equal(answer?.result.resultCode, '2001')
  assert.deepEqual(
    [answer?.status, answer?.receipt, answer?.creditParty, answer?.charges],
    [undefined, undefined, undefined, []],
  )
})

test('a transaction is asked about by receipt or by the id of its request, and by neither not at all', async () => {
  const { daraja, seen } = scriptedDaraja({ api: [recorded('acknowledged.json')] })
  await transactionStatus(daraja, { ...asked, receipt: 'NEF61H8J60' })
  await transactionStatus(daraja, { ...asked, originatorConversationId: '29115-34620561-1', identifierType: 'till' })
  const sent = seen.map(({ body }) => body as Record<string, string>)
  assert.deepEqual(
    sent.map((body) => [body['TransactionID'], body['OriginalConversationID'], body['IdentifierType']]),
    [
      ['NEF61H8J60', undefined, '4'],
      [undefined, '29115-34620561-1', '2'],
    ],
  )
  const outcome = await transactionStatus(daraja, asked)
  assert.equal(outcome.kind === 'refused' && outcome.code, 'refused_locally')
})
