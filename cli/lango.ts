import { CannotStart } from '@lango/server'

type Command = { summary: string; load: () => Promise<{ run: (argv: string[]) => Promise<void> }> }

const commands: Record<string, Command> = {
  start: { summary: 'everything: database, server, simulator, a demo merchant', load: () => import('./start.ts') },
  simulator: { summary: 'the Daraja simulator alone', load: () => import('./simulator.ts') },
  keys: { summary: 'keys create --merchant <id|name> --scopes a,b [--live] [--json]', load: () => import('./keys.ts') },
  payouts: {
    summary: 'payouts enable --merchant <id|name> --daily-limit 100000 [--approve-above 5000], payouts disable',
    load: () => import('./payouts.ts'),
  },
  pay: { summary: 'pay 0712345678 100: ask a phone to pay, and watch it happen', load: () => import('./pay.ts') },
  doctor: {
    summary: 'doctor [--ask] [--json]: is it ready for real money, and do the books hold?',
    load: () => import('./doctor.ts'),
  },
  migrate: { summary: 'bring the database up to date', load: () => import('./migrate.ts') },
}

/** Runs one command. What goes wrong ends as one sentence and exit code 1. */
export async function run([name, ...argv]: string[]): Promise<void> {
  const command = name === undefined ? undefined : commands[name]
  if (!command) {
    const isHelp = name === undefined || ['help', '--help', '-h'].includes(name)
    if (!isHelp) console.error(`There is no command "${name}".\n`)
    console.log(help())
    process.exitCode = isHelp ? 0 : 1
    return
  }
  try {
    const { run: runCommand } = await command.load()
    await runCommand(argv)
  } catch (error) {
    console.error(sentence(error))
    process.exitCode = 1
  }
}

function help(): string {
  const lines = Object.entries(commands).map(([name, { summary }]) => `  lango ${name.padEnd(12)} ${summary}`)
  return ['Lango takes M-Pesa payments and loses none of them.', '', ...lines].join('\n')
}

// A bug is shown with its stack, for whoever mends it; everything a person can mend is a sentence.
function sentence(error: unknown): string {
  if (error instanceof CannotStart) return error.message
  if (!(error instanceof Error)) return String(error)
  return error instanceof TypeError || error instanceof ReferenceError ? (error.stack ?? error.message) : error.message
}
