import { html } from 'hono/html'
import type { Html } from '../../web/html.ts'
import { may } from '../may.ts'
import type { SignedIn } from '../signed-in.ts'

/** Where a business begins that has seen no money yet: the first steps, each with its way. */
export function firstSteps({
  signedIn,
  url,
  hasOwnAccount,
}: {
  signedIn: SignedIn
  url: string
  hasOwnAccount: boolean
}): Html {
  const isTest = signedIn.mode === 'test'
  return html`<section class="sheet steps">
    <header><h2>No payment yet. The first one takes a minute.</h2></header>
    <ol class="body">
      <li>
        <b>Ask a phone to pay</b>
        <p class="soft">
          ${isTest ? 'No real money moves: the phones of the simulator ring.' : 'The phone rings at once, and the money goes to your short code.'}
        </p>
        <a class="do" href="/cashier">Open the counter</a>
      </li>
      <li>
        <b>Or let your shop ask</b>
        <p class="soft">One request with an API key makes a phone ring; a webhook tells your shop that it is paid.</p>
        <pre class="raw" tabindex="0">
curl ${url}/v1/payments -H 'X-API-Key: sk_${signedIn.mode}_…' \\
  -H 'Content-Type: application/json' \\
  -d '{"amount": 100, "phone": "0712345678"}'</pre>
        <div class="acts"><a class="may" href="/docs">Reference of the API</a></div>
      </li>
      <li>
        <b>${hasOwnAccount ? 'Your own short code is set' : 'Give it your own short code'}</b>
        <p class="soft">Who pays by the M-Pesa menu, at your paybill or till, appears here too.</p>
        ${may(signedIn, 'keys:write') ? html`<div class="acts"><a class="may" href="/developers">${hasOwnAccount ? 'See your accounts' : 'Add an account'}</a></div>` : ''}
      </li>
    </ol>
  </section>`
}
