/** What a browser calls itself, as one would say it: `Chrome on Android`. What is not recognised is said to be so. */
export function browserName(agent: string | null): string {
  const [browser, system] = [browsers, systems].map((list) => list.find(([mark]) => (agent ?? '').includes(mark))?.[1])
  if (!browser && !system) return 'A browser that says nothing of itself'
  return `${browser ?? 'A browser'} on ${system ?? 'a system that is not known'}`
}

// The first that is found counts: many call themselves by the names of others as well.
const browsers: [mark: string, name: string][] = [
  ['OPR/', 'Opera'],
  ['OPiOS/', 'Opera'],
  ['Edg', 'Edge'],
  ['SamsungBrowser/', 'Samsung Internet'],
  ['Firefox/', 'Firefox'],
  ['FxiOS/', 'Firefox'],
  ['CriOS/', 'Chrome'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
]

const systems: [mark: string, name: string][] = [
  ['Android', 'Android'],
  ['iPhone', 'an iPhone'],
  ['iPad', 'an iPad'],
  ['Windows', 'Windows'],
  ['Mac OS', 'a Mac'],
  ['CrOS', 'a Chromebook'],
  ['Linux', 'Linux'],
]
