import type { Context as HonoContext } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { languages } from '../languages.ts'
import type { Language } from '../languages.ts'

export { languages }
export type { Language }

/** A table of words, each in English and in Swahili. `{name}` stands for a value. */
export type Words = Readonly<Record<string, readonly [english: string, swahili: string]>>

/** Says a word of a table in one language. */
export type Speak<Table extends Words> = (word: keyof Table, values?: Record<string, string>) => string

const cookie = 'lango_language'
const rememberedSeconds = 365 * 24 * 3_600

/** Speaks one language from a table. */
export function speaker<Table extends Words>(table: Table, language: Language): Speak<Table> {
  const column = languages.indexOf(language)
  return (word, values = {}) =>
    table[word]![column]!.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = values[name]
      if (value === undefined) throw new Error(`"${String(word)}" needs a value for {${name}}.`)
      return value
    })
}

/** The language of whoever asks: as they chose it in this address, or before, else as their browser is set, else English. */
export function languageOf(c: HonoContext): Language {
  return chosenLanguage(c) ?? known(getCookie(c, cookie)) ?? preferredLanguage(c.req.header('Accept-Language')) ?? 'en'
}

/** The language that the address itself names: `?lang=sw`. */
export function chosenLanguage(c: HonoContext): Language | undefined {
  return known(c.req.query('lang'))
}

/** Remembers, for a year, the language that the address named. The cookie holds nothing else. */
export function rememberLanguage(c: HonoContext, { path, secure }: { path: string; secure: boolean }): void {
  const chosen = chosenLanguage(c)
  if (!chosen) return
  setCookie(c, cookie, chosen, { path, secure, maxAge: rememberedSeconds, httpOnly: true, sameSite: 'Lax' })
}

/** The first language of ours in an `Accept-Language` header, by the weights that it gives them. */
export function preferredLanguage(header: string | undefined): Language | undefined {
  const wishes = (header ?? '').split(',').map((wish) => {
    const [tag = '', ...parameters] = wish.trim().toLowerCase().split(';')
    const weight = parameters.map((parameter) => /^\s*q=([\d.]+)\s*$/.exec(parameter)?.[1]).find(Boolean)
    return { language: known(tag.split('-')[0]), weight: weight === undefined ? 1 : Number(weight) }
  })
  return wishes.filter(({ language, weight }) => language && weight > 0).sort((a, b) => b.weight - a.weight)[0]
    ?.language
}

function known(text: string | undefined): Language | undefined {
  return languages.find((language) => language === text)
}
