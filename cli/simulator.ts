import { runSimulator } from '@lango/simulator'

/** `lango simulator`: Daraja without Safaricom, and nothing else of Lango. */
export async function run(argv: string[]): Promise<void> {
  await runSimulator(argv)
}
