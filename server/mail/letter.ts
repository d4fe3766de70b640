import { html } from 'hono/html'
import { readableOn } from '../web/color.ts'
import type { Html } from '../web/html.ts'
import type { Language } from '../web/language.ts'

/** What a letter says. It is said once, and written as HTML and as plain text. */
export type Letter = {
  language: Language
  /** In whose name it comes, and in which colour: a business, or Lango's own where it has none. */
  from: string
  color?: string | null
  heading: string
  /** Sentences under the heading. */
  sentences?: string[]
  /** The amount that it is about. */
  amount?: { label: string; value: string }
  facts?: Fact[]
  /** Of what the amount is made up. */
  lines?: Fact[]
  action?: { words: string; url: string }
  /** What is said last, and small. */
  foot?: string[]
}

/** A name, and what it stands for. What is empty is left out. */
export type Fact = readonly [name: string, value: string]

const gate = '#0b6b4f'

/** Writes a letter. Whatever stands in it, names and references of strangers too, is text on one line: it ends nothing and begins nothing. */
export async function writeLetter(letter: Letter): Promise<{ body_text: string; body_html: string }> {
  const plain = onlyText(letter)
  return { body_text: asText(plain), body_html: String(await asHtml(plain)) }
}

function onlyText({ sentences = [], facts = [], lines = [], foot = [], ...letter }: Letter) {
  const known = (list: Fact[]) =>
    list.map(([name, value]): Fact => [line(name), line(value)]).filter(([, value]) => value)
  return {
    ...letter,
    from: line(letter.from),
    heading: line(letter.heading),
    sentences: sentences.map(line),
    facts: known(facts),
    lines: known(lines),
    foot: foot.map(line),
  }
}

type Plain = ReturnType<typeof onlyText>

function line(text: string): string {
  return text.replace(/[\p{Cc}\s\u2028\u2029]+/gu, ' ').trim()
}

function asText({ from, heading, sentences, amount, facts, lines, action, foot }: Plain): string {
  const blocks = [
    [from, heading],
    sentences,
    [...(amount ? [`${amount.label}: ${amount.value}`] : []), ...facts.map(([name, value]) => `${name}: ${value}`)],
    lines.map(([name, value]) => `- ${name}: ${value}`),
    action ? [`${action.words}: ${action.url}`] : [],
    foot,
  ]
  return blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')
}

// Programs for mail read no stylesheet and no custom property: each thing says how it looks, and tables hold the columns.
const soft = 'color:#5d6b63'
const ruled = 'border-bottom:1px solid #e7e2d8'
const breaks = 'overflow-wrap:anywhere;word-break:break-word'
const table = 'width:100%;border-collapse:collapse;font-size:14px;line-height:1.4'

function asHtml({ language, color, from, heading, sentences, amount, facts, lines, action, foot }: Plain): Html {
  const brand = color ?? gate
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta name="color-scheme" content="light" />
        <title>${heading}</title>
      </head>
      <body
        style="margin:0;padding:24px 12px;background:#faf8f4;color:#13211b;font-family:system-ui,-apple-system,'Segoe UI',Roboto,sans-serif"
      >
        <div
          style="box-sizing:border-box;max-width:480px;margin:0 auto;padding:24px;background:#fff;border:1px solid #e7e2d8;border-top:4px solid ${brand};border-radius:14px"
        >
          <p style="margin:0;${soft};font-size:14px;${breaks}">${from}</p>
          <h1 style="margin:6px 0 12px;font-size:22px;line-height:1.25;${breaks}">${heading}</h1>
          ${sentences.map((text) => html`<p style="margin:0 0 12px;font-size:15px;line-height:1.5;${breaks}">${text}</p>`)}
          ${amount ? amountPart(amount) : ''} ${lines.length > 0 ? rowsPart(lines, 'lines') : ''}
          ${facts.length > 0 ? rowsPart(facts, 'facts') : ''}
          ${
            action
              ? html`<p style="margin:20px 0 0">
                  <a
                    href="${action.url}"
                    style="display:block;padding:14px;border-radius:10px;background:${brand};color:${readableOn(brand)};font-size:16px;text-align:center;text-decoration:none;font-weight:600"
                    >${action.words}</a
                  >
                </p>`
              : ''
          }
          ${foot.map((text) => html`<p style="margin:14px 0 0;${soft};font-size:13px;line-height:1.45;${breaks}">${text}</p>`)}
        </div>
      </body>
    </html>`
}

function amountPart({ label, value }: NonNullable<Plain['amount']>): Html {
  return html`<p style="margin:4px 0 14px">
    <span style="display:block;${soft};font-size:13px">${label}</span>
    <b style="font-size:28px;line-height:1.25;letter-spacing:-0.01em;white-space:nowrap">${value}</b>
  </p>`
}

/** A name of a fact that is no longer than this stays on one line. */
const nameMax = 24

/** Facts are short names before what matters; of lines the name may be long, and the amount stands whole. */
function rowsPart(rows: Fact[], form: 'facts' | 'lines'): Html {
  const [name, value] =
    form === 'facts'
      ? [`${soft};padding-right:16px`, `text-align:right;font-weight:600;${breaks}`]
      : [`padding-right:16px;${breaks}`, 'text-align:right;white-space:nowrap']
  return html`<table role="presentation" style="${table};margin-bottom:8px">
    ${rows.map(
      ([what, shown]) =>
        html`<tr>
          <td
            style="padding:8px 0;vertical-align:top;${ruled};${name}${form === 'facts' && what.length <= nameMax ? ';white-space:nowrap' : ''}"
          >
            ${what}
          </td>
          <td style="padding:8px 0;vertical-align:top;${ruled};${value}">${shown}</td>
        </tr>`,
    )}
  </table>`
}
