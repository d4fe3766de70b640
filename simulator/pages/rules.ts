import { html, raw } from 'hono/html'
import { apiNames } from '../api-names.ts'
import { faults } from '../faults.ts'
import type { FaultName, FaultRule } from '../faults.ts'
import { writeMsisdn } from '../msisdn.ts'
import { versionOf } from './live.ts'
import type { Fragment, Markup } from './live.ts'
import { inWords } from './words.ts'

export type Plan = { seed: string | number | null; rules: FaultRule[] }

/** What was refused, and what had been typed. */
export type RefusedRule = { sentence: string; typed: Record<string, string> }

/** The rules that hold now. */
export const ruleList = (plan: Plan): Fragment => {
  const version = versionOf(plan)
  return {
    id: 'rules',
    version,
    render: () =>
      html`<div id="rules" data-version="${version}">
        ${plan.rules.length === 0 ? html`<p class="soft">All goes well. Add a fault, and watch what your code does.</p>` : list(plan.rules)}
        <form class="inline" method="post" action="/faults/seed">
          <label for="seed"
            ><span class="small soft">Seed</span>
            <span class="field"
              ><input id="seed" name="seed" value="${plan.seed ?? ''}" placeholder="none" autocomplete="off" /></span
          ></label>
          <button class="may">Start the storm anew</button>
        </form>
        <p class="small soft">The same seed and rules strike the same requests again. Without a seed it is chance.</p>
      </div>`,
  }
}

const list = (rules: FaultRule[]) =>
  html`<ul class="rules">
    ${rules.map(
      (rule, index) =>
        html`<li>
          <form method="post" action="/faults/rules/${index}/remove" data-stay>
            <span>
              <b>${inWords(rule.fault)}</b> ${Math.round(rule.probability * 100)} %
              <span class="soft">
                of
                ${rule.api === '*' ? 'every API' : rule.api}${rule.msisdn && `, ${writeMsisdn(rule.msisdn)} only`}${
                  rule.delay_ms !== undefined && `, ${rule.delay_ms / 1000} s`
                }
              </span>
            </span>
            <button class="may" aria-label="Remove ${inWords(rule.fault)}">Remove</button>
          </form>
        </li>`,
    )}
  </ul>`

/** Adds a rule to those that are there. */
export const ruleForm = (refused?: RefusedRule): Markup => {
  const typed = refused?.typed ?? {}
  return html`<form class="rule" method="post" action="/faults/rules">
    <label for="fault"
      ><span class="small soft">Fault</span> ${select(
        'fault',
        (Object.keys(faults) as FaultName[]).map((name) => [name, inWords(name)]),
        typed.fault ?? 'drop_callback',
      )}</label
    >
    <label for="api"
      ><span class="small soft">API</span>
      ${select('api', [['*', 'every API'], ...named(apiNames)], typed.api ?? '*')}</label
    >
    <label for="msisdn"
      ><span class="small soft">Phone</span>
      <span class="field"
        ><input
          id="msisdn"
          name="msisdn"
          inputmode="tel"
          placeholder="every phone"
          autocomplete="off"
          value="${typed.msisdn ?? ''}" /></span
    ></label>
    <label for="percent"
      ><span class="small soft">How often</span>
      <span class="field"
        ><input
          id="percent"
          name="percent"
          inputmode="decimal"
          autocomplete="off"
          value="${typed.percent ?? '100'}"
        /><span class="soft">%</span></span
      ></label
    >
    <label for="seconds"
      ><span class="small soft">Delay</span>
      <span class="field"
        ><input
          id="seconds"
          name="seconds"
          inputmode="decimal"
          placeholder="usual"
          autocomplete="off"
          value="${typed.seconds ?? ''}"
        /><span class="soft">s</span></span
      ></label
    >
    <button class="do">Add</button>
    ${refused && html`<p class="complaint" role="alert">${refused.sentence}</p>`}
  </form>`
}

/** What each fault does, to read up. */
export const faultWords = (): Markup =>
  html`<details class="small">
    <summary class="soft">What each fault does</summary>
    <dl class="meanings">
      ${Object.entries(faults).map(
        ([name, words]) =>
          html`<div>
            <dt>${inWords(name)}</dt>
            <dd class="soft">
              ${words.split('`delay_ms`').map((part, index) => [index > 0 && html`<em>delay</em>`, part])}
            </dd>
          </div>`,
      )}
    </dl>
  </details>`

/** A choice, with the one that holds now. */
export const select = (name: string, options: [value: string, words: string][], chosen: string): Markup =>
  html`<select class="field" id="${name}" name="${name}">
    ${options.map(
      ([value, words]) => html`<option value="${value}" ${value === chosen ? raw('selected') : ''}>${words}</option>`,
    )}
  </select>`

export const named = (names: readonly string[]): [string, string][] => names.map((name) => [name, name])
