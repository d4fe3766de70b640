import type { Finding } from './look-ups.ts'
import { readJson } from './read-json.ts'
import { textOf } from './text-of.ts'

/** Whether KeNHA has tagged a vehicle. A list, of which the first counts, or an object with `has_tag` or `found`. */
export function kenha({ url, key }: { url: string; key: string }) {
  return async (plate: string, signal: AbortSignal): Promise<Finding> => {
    const query = new URLSearchParams({ reg_no: plate })
    const headers = { Authorization: `Bearer ${key}` }
    const response = await fetch(`${url}/api/v3/vehicle/tag/verify?${query}`, { headers, signal })
    return findingOf(await readJson(response))
  }
}

function findingOf(answer: object): Finding {
  const tag = (Array.isArray(answer) ? answer[0] : answer) as Record<string, unknown> | undefined
  const isTagged = tag && (Array.isArray(answer) || tag.has_tag === true || tag.found === true)
  if (!isTagged) return { found: 'No tag.', is_flagged: false }
  const details = [tag.type ?? tag.category, tag.reason, tag.station].map(textOf).filter(Boolean)
  const isOpen = !/^(closed|cleared|resolved)$/i.test(textOf(tag.status))
  return { found: `Tagged${details.length ? `: ${details.join(', ')}` : ''}.`, is_flagged: isOpen }
}
