import { html } from 'hono/html'
import { magicNumbers } from '../daraja/stk-results.ts'
import { writeMsisdn } from '../msisdn.ts'
import { sandboxPasskey } from '../organisation.ts'
import { usualKey, usualSecret } from '../pesaflow/client.ts'
import { testNumber } from '../phone.ts'
import type { Markup } from './live.ts'

const controls = [
  ['GET /_/phones', 'Every phone, with its prompts and messages'],
  ['PUT /_/phones/0712345678', 'Change a phone: name, balance, pin, auto, offline'],
  ['POST /_/phones/0712345678/pay', 'Pay from the SIM menu: shortcode, amount, reference, pin'],
  ['GET /_/prompts', 'The prompts that ring now'],
  ['POST /_/prompts/:id/answer', 'Answer one: {"pin": "1234"} or {"cancel": true}'],
  ['GET /_/pesaflow/bills', 'The bills at Pesaflow, with their payments'],
  ['GET /_/faults', 'The faults; PUT replaces them: seed, rules'],
  ['GET /_/log', 'Every request and callback'],
  ['GET /_/ledger', 'The truth about the money'],
  ['GET /_/statement.csv', 'The same as an M-Pesa statement'],
  ['POST /_/reset', 'Forget everything'],
] as const

/** The front page: what this is, and how to use it. */
export const home = (origin: string): Markup => html`
  <div class="read">
    <h1>M-Pesa, without Safaricom</h1>
    <p>
      This answers as Daraja, Safaricom’s M-Pesa API, does, and as Pesaflow, through which eCitizen collects. Nothing
      here is real: no money moves, and no phone rings but the <a href="/phone">phones in the browser</a>.
    </p>

    ${address(origin)} ${pesaflow(origin)}

    <div class="ways">
      <a class="sheet way" href="/phone"><b>Phones</b> <span class="soft">They ring, take a PIN, get the SMS.</span></a>
      <a class="sheet way" href="/faults"
        ><b>Faults</b> <span class="soft">Lose, repeat and delay callbacks; see every request.</span></a
      >
    </div>

    ${magicTable()} ${controlTable()}
  </div>
`

/** What to put into a client. */
const address = (origin: string): Markup => html`
  <section class="sheet">
    <header><h2>Point your Daraja client here</h2></header>
    <dl class="facts body">
      <div>
        <dt>Base URL</dt>
        <dd class="code"><b>${origin}</b></dd>
      </div>
      <div>
        <dt>Consumer key and secret</dt>
        <dd>anything but <span class="code">wrong</span></dd>
      </div>
      <div>
        <dt>Short code</dt>
        <dd class="code">174379, or any of 5 to 7 digits</dd>
      </div>
      <div>
        <dt>Passkey</dt>
        <dd class="code">${sandboxPasskey}</dd>
      </div>
      <div>
        <dt>A phone that pays at once</dt>
        <dd class="code">${testNumber}</dd>
      </div>
    </dl>
  </section>
`

/** What to put into a client of Pesaflow. */
const pesaflow = (origin: string): Markup => html`
  <section class="sheet">
    <header><h2>Or your client of Pesaflow, eCitizen’s gateway</h2></header>
    <dl class="facts body">
      <div>
        <dt>Base URL</dt>
        <dd class="code"><b>${origin}</b></dd>
      </div>
      <div>
        <dt>Client number and service</dt>
        <dd>any digits</dd>
      </div>
      <div>
        <dt>Key</dt>
        <dd class="code">${usualKey}</dd>
      </div>
      <div>
        <dt>Secret</dt>
        <dd class="code">${usualSecret}</dd>
      </div>
    </dl>
  </section>
`

/** The numbers that end a push by themselves. */
const magicTable = (): Markup => html`
  <section class="sheet">
    <header><h2>Magic numbers</h2></header>
    <p class="body soft">A push to one of these ends as it says, and nobody is asked.</p>
    <div class="scroll" tabindex="0" role="region" aria-label="Magic numbers">
      <table class="rows">
        <thead>
          <tr>
            <th>Number</th>
            <th>Result</th>
            <th>What the callback says</th>
          </tr>
        </thead>
        <tbody>
          ${magicNumbers().map(
            ({ msisdn, code, text }) =>
              html`<tr>
                <td class="number">${writeMsisdn(msisdn)}</td>
                <td class="code">${code}</td>
                <td class="words">${text || 'No callback ever comes, and the query never knows.'}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>
`

const controlTable = (): Markup => html`
  <section class="sheet">
    <header><h2>Control it from a test</h2></header>
    <div class="scroll" tabindex="0" role="region" aria-label="Control API">
      <table class="rows calls">
        <tbody>
          ${controls.map(
            ([call, what]) =>
              html`<tr>
                <td class="code">${call}</td>
                <td class="words">${what}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>
`
