import { html } from 'hono/html'
import { prose } from '../web/html.ts'
import type { Html } from '../web/html.ts'

export type Field = Record<
  'name' | 'label' | 'value' | 'inputmode' | 'autocomplete' | 'maxlength' | 'placeholder',
  string
> & {
  /** Where its name is that of another field of the page, too. */
  id?: string
}

/** A field of a form at the sheet, with what is wrong with it. */
export function field(of: Field, wrong: string | undefined, hint?: string): Html {
  const { name, label, value, inputmode, autocomplete, maxlength, placeholder, id = name } = of
  const about = [hint && `${id}-hint`, wrong && `${id}-wrong`].filter(Boolean).join(' ')
  return html`<label
    ><span class="small soft">${prose(label)}</span>
    <span class="field ${wrong ? 'bad' : ''}"
      ><input
        id="${id}"
        name="${name}"
        inputmode="${inputmode}"
        autocomplete="${autocomplete}"
        maxlength="${maxlength}"
        placeholder="${placeholder}"
        value="${value}"
        ${about ? html`aria-describedby="${about}"` : ''}
        ${wrong ? html`aria-invalid="true" autofocus` : ''}
    /></span>
    ${wrong ? html`<span class="wrong" id="${id}-wrong" role="alert">${prose(wrong)}</span>` : ''}
    ${hint ? html`<span class="small soft" id="${id}-hint">${prose(hint)}</span>` : ''}
  </label>`
}
