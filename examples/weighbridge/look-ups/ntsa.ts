import type { Finding } from './look-ups.ts'
import { readJson } from './read-json.ts'
import { textOf } from './text-of.ts'

export type NtsaOptions = {
  url: string
  key: string
  /** `older`: by GET, with the key in the address. */ api?: 'vsearch' | 'older'
}

/** Whose a vehicle is, by NTSA. The answer is flat, or under `data` or `vehicle`, in snake or camel case. */
export function ntsa({ url, key, api = 'vsearch' }: NtsaOptions) {
  return async (plate: string, signal: AbortSignal): Promise<Finding> => {
    const older = new URLSearchParams({ reg_no: plate, api_key: key })
    const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' }
    const body = JSON.stringify({ regno: plate })
    const response =
      api === 'older'
        ? await fetch(`${url}/api/vehicle/details?${older}`, { signal })
        : await fetch(`${url}/vsearch/sp/qregno`, { method: 'POST', headers, body, signal })
    return findingOf(await readJson(response))
  }
}

function findingOf(answer: unknown): Finding {
  const { data, vehicle, ...flat } = answer as Record<string, unknown>
  const said = snakeCased((data ?? vehicle ?? flat) as Record<string, unknown>)
  const owner = textOf(said.owner_name ?? said.owner_names ?? said.owner)
  if (!owner && !said.chassis_no && !said.make) return { found: 'NTSA knows no such vehicle.', is_flagged: true }
  const built = [said.make, said.model, said.year_of_manufacture].map(textOf).filter(Boolean).join(' ')
  const hasCaveat = !/^(none|no|false|0)?$/i.test(textOf(said.caveat_status ?? said.caveat))
  const sentences = [`${owner || 'Its owner is not told'}${built && `, ${built}`}.`]
  return { found: sentences.concat(hasCaveat ? ['A caveat is on it.'] : []).join(' '), is_flagged: hasCaveat }
}

function snakeCased(said: Record<string, unknown>): Record<string, unknown> {
  const name = (key: string) => key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  return Object.fromEntries(Object.entries(said).map(([key, value]) => [name(key), value]))
}
