import { html } from 'hono/html'
import type { Context } from '../../context.ts'
import { eventTypes } from '../../events/event-type.ts'
import { flag } from '../../web/html.ts'
import type { Html } from '../../web/html.ts'
import { field, textField } from '../../web/parts/field.ts'
import { fieldOf, wrongWith } from '../form.ts'
import type { Refused } from '../form.ts'
import { csrfField } from '../signed-in.ts'
import type { SignedIn } from '../signed-in.ts'
import type { Endpoint } from '../../webhooks/endpoint.ts'

/** What a form for an endpoint begins with: the one that there is, or none. */
export type EndpointForm = {
  context: Context
  signedIn: SignedIn
  action: string
  endpoint?: Endpoint
  refused?: Refused | undefined
}

/** A form for an endpoint: where to, of what, and what goes with it. */
export function endpointForm({ signedIn, action, endpoint, refused }: EndpointForm): Html {
  const asked = endpoint?.events ?? null
  const isTicked = (type: string) =>
    refused ? refused.typed[type] === 'yes' : asked !== null && asked.some((pattern) => covers(pattern, type))
  return html`<form class="sheet body form" method="post" action="${action}">
    ${csrfField(signedIn)} ${wrongWith(refused, 'endpoint')}
    ${field({
      id: 'url',
      name: 'url',
      label: 'Address',
      placeholder: 'https://shop.example/lango',
      hint: 'Where your server takes a POST. It must be reachable from here.',
      required: true,
      ...fieldOf(refused, 'endpoint', 'url', endpoint?.url),
    })}
    ${field({
      id: 'description',
      name: 'description',
      label: 'What it is',
      placeholder: 'The shop',
      maxLength: 200,
      ...fieldOf(refused, 'endpoint', 'description', endpoint?.description ?? ''),
    })}
    <fieldset>
      <legend class="label">Of what it is told</legend>
      <div class="scopes">
        ${eventTypes.map(
          (type) =>
            html`<label class="check"
              ><input type="checkbox" name="${type}" value="yes" ${flag('checked', isTicked(type))} />
              <span class="code">${type}</span></label
            >`,
        )}
      </div>
      <span class="hint small soft"
        >With none ticked it is told of all, those that come to be known later included.</span
      >
    </fieldset>
    ${textField({
      id: 'headers',
      name: 'headers',
      label: 'Headers of your own',
      hint: `One a line, such as Authorization: Bearer 6f1e. They are kept encrypted.${endpoint?.headers ? ' Left empty, those that there are stay.' : ''}`,
      ...fieldOf(refused, 'endpoint', 'headers'),
    })}
    <button class="do">${endpoint ? 'Keep this' : 'Make it'}</button>
  </form>`
}

function covers(pattern: string, type: string): boolean {
  return pattern === type || pattern === '*' || pattern === `${type.split('.', 1)[0]}.*`
}
