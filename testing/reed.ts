import type { Provider, Told } from '../server/providers/provider.ts'
import { callbackUrl } from '../server/callback-url.ts'

/**
 * Reed Money, a small upstream that never was: it is asked by a form, answers in plain text, and tells what became of a request
 * in a form too, at an address of its own. What serves it serves any provider.
 */
export type Reed = {
  provider: Provider
  /** What Lango asked of it, in order. */
  asked: { path: string; form: Record<string, string> }[]
  fetch: typeof globalThis.fetch
}

const home = 'http://reed.test'

export function createReed(): Reed {
  const asked: Reed['asked'] = []
  const answer = async (request: Request): Promise<Response> => {
    const { pathname: path } = new URL(request.url)
    asked.push({ path, form: Object.fromEntries(new URLSearchParams(await request.text())) })
    return new Response(path === '/collect' ? 'TAKEN as R-77' : 'STILL WAITING')
  }
  return { provider, asked, fetch: (input, init) => answer(new Request(input, init)) }
}

const provider: Provider = {
  payments: {
    amount_cents_max: 1_000_000_00,
    asks: 'by_prompt',
    window: { ms: 48 * 3_600_000, over: 'Reed Money is silent.' },
    refuse: () => undefined,
    async request(context, _account, { merchant_id, id, amount_cents, phone, sent_reference }) {
      const tell = callbackUrl(context, { provider: 'pesaflow', kind: 'payment', merchant_id, subject_id: id })
      const body = new URLSearchParams({ cents: String(amount_cents), from: phone!, for: sent_reference, tell })
      const raw = await (await context.fetch(`${home}/collect`, { method: 'POST', body })).text()
      const provider_ref = /^TAKEN as (\S+)$/.exec(raw)?.[1]
      return provider_ref ? { kind: 'accepted', provider_ref, raw } : { kind: 'unknown', message: raw, raw }
    },
    async check({ fetch }, _account, { provider_ref }) {
      const body = new URLSearchParams({ about: provider_ref! })
      const raw = await (await fetch(`${home}/ask`, { method: 'POST', body })).text()
      return { verdict: null, message: raw, raw }
    },
    read({ body }): Told[] | undefined {
      const told = new URLSearchParams(body.toString('utf8'))
      const provider_ref = told.get('request')
      if (!provider_ref) return undefined
      const outcome = told.get('outcome')
      if (outcome !== 'paid')
        return [
          { verdict: outcome ? 'failure' : null, failure_code: 'provider_error', message: outcome!, provider_ref },
        ]
      return [
        { verdict: 'success', provider_ref, receipt: told.get('proof')!, amount_cents: Number(told.get('cents')) },
      ]
    },
  },
  callbacks: {
    paths: ['/reed/tells/:token?'],
    headers: ['x-reed-count'],
    accepted: { thanks: 'yes' },
    refused: { thanks: 'no' },
    isProof: true,
    isListed: (address) => address === '198.51.100.7',
    judge: () => 'absent',
    requestId: () => undefined,
    isTimeout: () => false,
  },
}
