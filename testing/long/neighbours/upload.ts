/** `upload.ts URL KEY`: uploads one hostile statement of 20 MB after the other, and prints each answer, until it is ended. */
const [url, key] = process.argv.slice(2)
const csvBytes = 20 * 1024 * 1024
const head = 'Receipt No.,Completion Time,Paid In,Withdrawn\n'
const body = Buffer.from(head + ',\n'.repeat((csvBytes - head.length) / 2))

for (;;) {
  const response = await fetch(`${url}/v1/reconciliation/statements`, {
    method: 'POST',
    headers: { 'X-API-Key': key!, 'Content-Type': 'text/csv' },
    body,
  })
  const { error, data } = (await response.json()) as { error?: { message: string }; data?: { note: string } }
  console.log(`${response.status} ${error?.message ?? data?.note}`)
}
