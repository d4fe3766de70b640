import { describe, test } from 'node:test'
import { readBlocks } from './blocks.ts'
import { createReader } from './reader.ts'

/** Where a newcomer begins. What the other documents say takes minutes to type: `npm run test:long documents` does. */
export const typedAlways = new Set(['README.md'])

/** Commands that no test can type, and what shows that they work instead. */
export const untyped: [RegExp, string][] = [
  [/^(\w+=\S+ )*npm start$/m, 'It runs until it is ended; start.test.ts starts one from nothing.'],
  [/^LANGO_KEY=\S+ npm run shop$/m, 'It runs until it is ended; shop.test.ts opens the shop.'],
  [/^LANGO_KEY=\S+ npm run weighbridge$/m, 'It runs until it is ended; weighbridge.test.ts opens the weighbridge.'],
  [/^lango listen/m, 'It listens until it is ended; `npm run test:long listen` does.'],
  [/webhook-listeners\/whe_…/, 'It is how listeners talk, one after another; listeners.test.ts has one.'],
  [
    /lango (backup|restore) \/var\/backups/m,
    'It needs a folder of the machine; start.test.ts makes a backup and brings it back.',
  ],
  [
    /^npx openapi-typescript/m,
    'It installs what is not ours; `npm run test:long openapi` does, and calls a server with it.',
  ],
  [/bat_…\/approve/, 'It takes a second person; batches.test.ts has one.'],
  [/out_…\/approve/, 'It takes a second person; outside.test.ts has one.'],
  [
    /lango secret (replace|reseal)/m,
    'It takes a restart in between; rotate.test.ts replaces a key while payments run.',
  ],
  [/^npm test$/m, 'It would run this test.'],
]

/** Tests that the commands of these documents do what they say. */
export function typeCommands(isWanted: (path: string) => boolean): void {
  describe('the commands of a document do what it says, typed in order beside a Lango that runs', () => {
    const typed = readBlocks()
      .filter(({ path, language }) => language === 'sh' && isWanted(path))
      .filter(({ text }) => !untyped.some(([commands]) => commands.test(text)))
    for (const [path, said] of Map.groupBy(typed, ({ path }) => path)) {
      test(path, async () => {
        const reader = await createReader()
        try {
          for (const block of said) await reader.type(block)
        } finally {
          await reader.leave()
        }
      })
    }
  })
}
