const isPlain = /^[A-Za-z0-9_@%+=:,./-]+$/

/** A command as it can be pasted into the shell here, whatever a merchant is named: `lango keys create --merchant 'Duka la Juu'`. */
export function hint(...words: string[]): string {
  // Who came here by npm has no `lango` on the path.
  const program = process.env['npm_command'] === undefined ? 'lango' : 'npx lango'
  return [program, ...words.map(quote)].join(' ')
}

/** A word that a shell takes as it is. */
export function quote(word: string): string {
  if (isPlain.test(word)) return word
  // In both shells of Windows only double quotes hold a word together.
  return process.platform === 'win32' ? `"${word.replaceAll('"', '\\"')}"` : `'${word.replaceAll("'", "'\\''")}'`
}
