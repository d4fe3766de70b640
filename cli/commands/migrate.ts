import { bringUpToDate } from '@lango/server'
import { command } from '../command.ts'
import { withDatabase } from '../installation.ts'

export const migrate = command({
  summary: 'brings the database up to date, without starting anything',
  about:
    'lango start does the same. By itself it is for a database of your own, before the nodes of a new version start.',
  json: '{"applied"}',
  examples: ['migrate'],
  async run() {
    const applied = await withDatabase((url) => bringUpToDate(url))
    const text = applied.length === 0 ? 'The database was up to date.' : `Brought up to date: ${applied.join(', ')}.`
    return { json: { applied }, text }
  },
})
