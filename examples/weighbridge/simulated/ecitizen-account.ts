import type { Lango } from '@lango/client'

/** Where a test merchant has no account at eCitizen, it gets that of the simulator, so that one command shows everything. */
export async function provideEcitizen(lango: Lango, { url, key }: { url: string; key: string }): Promise<void> {
  if (!key.startsWith('sk_test_')) return
  for await (const account of lango.accounts.list()) if (account.provider === 'pesaflow' && !account.ended_at) return
  const pesaflow = { env: 'simulator', api_client_id: '588', service_id: '48798' }
  const secrets = { api_key: 'simulator-key', secret: 'simulator-secret' }
  const response = await fetch(`${url}/v1/merchant/providers/pesaflow`, {
    method: 'PUT',
    headers: { 'X-API-Key': key, 'Content-Type': 'application/json' },
    body: JSON.stringify({ provider: 'pesaflow', pesaflow: { ...pesaflow, ...secrets } }),
  })
  if (!response.ok) throw new Error(`Lango takes no account at eCitizen: ${await response.text()}`)
}
