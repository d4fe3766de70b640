#!/usr/bin/env node
// Plain JavaScript, so that a Node that is too old says so in one sentence.
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 24 || (major === 24 && minor < 12)) {
  console.error(
    `Lango needs Node 24.12 or newer, and this is ${process.version}. Install it from https://nodejs.org, or use npm start.`,
  )
  process.exit(1)
}
// Whoever reads along may leave first, as `head` does, or close the terminal.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error
  })

const { run } = await import('./lango.ts')
process.exitCode = await run(process.argv.slice(2))
