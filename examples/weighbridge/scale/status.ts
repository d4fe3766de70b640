import type { Frame } from './indicator.ts'

const meanings = new Map(
  Object.entries<Pick<Frame, 'isStable' | 'fault'>>({
    '': {},
    s: { isStable: true },
    st: { isStable: true },
    stable: { isStable: true },
    m: { isStable: false },
    mo: { isStable: false },
    us: { isStable: false },
    motion: { isStable: false },
    o: { isStable: false, fault: 'overload' },
    ol: { isStable: false, fault: 'overload' },
    u: { isStable: false, fault: 'underload' },
    ul: { isStable: false, fault: 'underload' },
  }),
)

/** What the word beside a weight means: motion, overload and their abbreviations; `undefined` for a word that nobody knows. */
export function statusOf(word = ''): Pick<Frame, 'isStable' | 'fault'> | undefined {
  return meanings.get(word.trim().toLowerCase())
}
