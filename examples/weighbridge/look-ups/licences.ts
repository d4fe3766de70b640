import type { Finding } from './look-ups.ts'
import { readJson } from './read-json.ts'
import { textOf } from './text-of.ts'

/**
 * Whether a driver may drive, by the number of their identity card. No shape of such a service is published, so that this one is
 * ours: `GET {url}/licences?id_number=`, which answers `{found, name, classes, expires_on, status}`. Whoever has another writes a
 * function beside this one.
 */
export function licences({ url, key, today }: { url: string; key: string; today: () => string }) {
  return async (idNumber: string, signal: AbortSignal): Promise<Finding> => {
    const query = new URLSearchParams({ id_number: idNumber })
    const response = await fetch(`${url}/licences?${query}`, { headers: { Authorization: `Bearer ${key}` }, signal })
    return findingOf((await readJson(response)) as Record<string, unknown>, today())
  }
}

function findingOf(said: Record<string, unknown>, today: string): Finding {
  if (said.found === false) return { found: 'No licence is known of this number.', is_flagged: true }
  const classes = Array.isArray(said.classes) ? said.classes.map(textOf).filter(Boolean).join(', ') : ''
  const [name, expiresOn, status] = [said.name, said.expires_on, said.status].map(textOf)
  const isOver = expiresOn !== '' && expiresOn! < today
  const isValid = /^(valid|active)?$/i.test(status!) && !isOver
  const until = expiresOn ? `${isOver ? 'expired on' : 'until'} ${expiresOn}` : ''
  const what = [classes && `classes ${classes}`, isValid || isOver ? '' : status, until].filter(Boolean).join(', ')
  return { found: `${name || 'A driver without a name'}${what && `: ${what}`}.`, is_flagged: !isValid }
}
