#!/usr/bin/env node
import { runSimulator } from './command.ts'

await runSimulator(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
})
