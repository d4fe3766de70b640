import { html } from 'hono/html'
import { flag } from '../html.ts'
import type { Html, Shown } from '../html.ts'

type Labelled = {
  /** Unique on its page; the parts of the field are named after it. */
  id: string
  name: string
  label: Shown
  /** What helps to fill it in, under the field. */
  hint?: string
  /** What is wrong with what was typed, and what to do: said at the field, and announced. */
  error?: string
  required?: boolean
}

/** A field of one line. What was typed stays in `value`. */
export type Field = Labelled & {
  value?: string
  type?: 'text' | 'tel' | 'email' | 'search' | 'password' | 'date' | 'number'
  inputMode?: 'text' | 'tel' | 'decimal' | 'numeric' | 'email' | 'search'
  autoComplete?: string
  placeholder?: string
  maxLength?: number
  /** What stands before what is typed: `KSh`, `+254`. */
  before?: string
  /** `big` for an amount, `code` for a code that is typed letter by letter. */
  look?: '' | 'big' | 'code'
}

/** A field with its label, its hint and what is wrong with it. */
export function field(given: Field): Html {
  const {
    id,
    name,
    value = '',
    type = 'text',
    inputMode,
    autoComplete = 'off',
    placeholder,
    maxLength,
    before,
    look = '',
  } = given
  const input = html`<input
    id="${id}"
    name="${name}"
    type="${type}"
    value="${value}"
    autocomplete="${autoComplete}"
    ${inputMode ? html`inputmode="${inputMode}"` : ''}
    ${placeholder ? html`placeholder="${placeholder}"` : ''}
    ${maxLength ? html`maxlength="${maxLength}"` : ''}
    ${look === 'code' ? html`autocapitalize="characters" spellcheck="false"` : ''}
    ${described(given)}
  />`
  return labelled(
    given,
    html`<span class="field ${look}">${before ? html`<span class="soft">${before}</span>` : ''}${input}</span>`,
  )
}

/** A field of several lines. */
export function textField(given: Labelled & { value?: string; rows?: number }): Html {
  const { id, name, value = '', rows = 2 } = given
  return labelled(
    given,
    html`<span class="field">
      <textarea id="${id}" name="${name}" rows="${rows}" ${described(given)}>${value}</textarea>
    </span>`,
  )
}

/** One of several, in a list that folds out. */
export function choice(
  given: Labelled & { options: readonly (readonly [value: string, words: string])[]; value?: string },
): Html {
  const { id, name, options, value } = given
  return labelled(
    given,
    html`<select class="field" id="${id}" name="${name}" ${described(given)}>
      ${optionList(options, value)}
    </select>`,
  )
}

/** The options of a choice, with the one that holds now. */
export function optionList(options: readonly (readonly [value: string, words: string])[], chosen = ''): Html {
  return html`${options.map(
    ([value, words]) => html`<option value="${value}" ${flag('selected', value === chosen)}>${words}</option>`,
  )}`
}

/** One of a few, each with an amount and a line about it, all in sight. */
export type Pick = { value: string; words: Shown; beside?: Shown; under?: Shown }

/** One of a few things to choose between. */
export function picks(label: string, name: string, { options, chosen }: { options: Pick[]; chosen?: string }): Html {
  return html`<fieldset class="stack">
    <legend class="unseen">${label}</legend>
    ${options.map(
      ({ value, words, beside = '', under = '' }) =>
        html`<label class="pick"
          ><input type="radio" name="${name}" value="${value}" ${flag('checked', value === chosen)} /><b>${words}</b
          ><span class="money">${beside}</span><span class="small soft">${under}</span></label
        >`,
    )}
  </fieldset>`
}

/** Yes or no. */
export function check(label: string, name: string, isChecked = false): Html {
  return html`<label class="check"
    ><input type="checkbox" name="${name}" value="yes" ${flag('checked', isChecked)} /> ${label}</label
  >`
}

function labelled({ id, label, hint, error }: Labelled, control: Html): Html {
  return html`<div>
    <label class="label" for="${id}">${label}</label>
    ${control} ${hint ? html`<span class="hint small soft" id="${id}-hint">${hint}</span>` : ''}
    ${error ? html`<span class="wrong" id="${id}-wrong" role="alert">${error}</span>` : ''}
  </div>`
}

function described({ id, hint, error, required = false }: Labelled): Html {
  const by = [hint && `${id}-hint`, error && `${id}-wrong`].filter(Boolean).join(' ')
  return html`${by ? html`aria-describedby="${by}"` : ''} ${error ? html`aria-invalid="true" autofocus` : ''}
  ${flag('required', required)}`
}
