import type { Struck } from './installation.ts'

type Strike = [name: string, strike: (installation: Struck) => Promise<void>]

const awayMsMax = 3_000

const strikes: Strike[] = [
  ['kill -9 of node A', ({ nodes }) => killAndStart(nodes[0]!)],
  ['kill -9 of node B', ({ nodes }) => killAndStart(nodes[1]!)],
  ['kill -9 of the simulator', ({ simulator }) => killAndStart(simulator)],
  ['kill -9 of PostgreSQL', ({ postgres, random }) => postgres.killAndRestart(random.integer(awayMsMax))],
  ['restart of PostgreSQL', ({ postgres, random }) => postgres.restart(random.integer(awayMsMax))],
  ['no connections left', ({ postgres }) => postgres.exhaust(1_500)],
  [
    'kill -9 of everything',
    async ({ nodes, simulator, postgres }) => {
      await Promise.all([...nodes, simulator].map((program) => program.kill()))
      await postgres.killAndRestart(0)
      for (const program of [simulator, ...nodes]) await program.start()
    },
  ],
]

/** Kills one part, or what all parts need, and starts it again; answers what was struck. @throws when another part ended. */
export async function strike(installation: Struck): Promise<string> {
  const [name, work] = strikes[installation.random.integer(strikes.length)]!
  await work(installation)
  refuseOwnEnds(installation)
  return name
}

/** @throws when a process ended that nobody had killed: what is struck beside it must not bring it down. */
export function refuseOwnEnds({ nodes, simulator }: Struck): void {
  for (const { name, ownEnds, said } of [...nodes, simulator])
    if (ownEnds() > 0) throw new Error(`${name} ended by itself:\n${said()}`)
}

async function killAndStart(program: Struck['nodes'][number] | Struck['simulator']): Promise<void> {
  await program.kill()
  await program.start()
}
