import { runSimulator, simulatorFlags } from '@lango/simulator'
import { command } from '../command.ts'

export const simulator = command({
  summary: 'the simulator of Daraja and Pesaflow alone, and nothing else of Lango',
  about:
    "Point any Daraja client at it by its base URL. Any consumer key and secret will do; short code 174379 has Safaricom's published passkey.",
  options: simulatorFlags,
  examples: ['simulator', 'simulator --port 4011 --data simulator.json'],
  async run({ options }) {
    const argv = Object.entries(options).flatMap(([flag, value]) =>
      value === true ? [`--${flag}`] : typeof value === 'string' ? [`--${flag}=${value}`] : [],
    )
    await runSimulator(argv)
  },
})
