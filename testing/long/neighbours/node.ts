import { knownAmong, readSettings, startNode } from '../../../server/index.ts'
import { createNames } from '../../../server/guarded/names.ts'

/** A node of an installation as `lango start` makes one, which asks the name server of its first argument. */
const [nameServer] = process.argv.slice(2)
const settings = readSettings(knownAmong(process.env))
await startNode({
  settings,
  databaseUrl: settings.DATABASE_URL!,
  secretKey: settings.LANGO_SECRET_KEY!,
  simulatorUrl: settings.SIMULATOR_URL!,
  names: createNames({ servers: [nameServer!] }),
})
process.stdout.write('The node is ready.\n')
