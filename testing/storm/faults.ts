import type { FaultRule } from '../../simulator/index.ts'
import type { Stage } from './stage.ts'

const minuteMs = 60_000

const ofOperator = [
  'drop_callback',
  'duplicate_callback',
  'late_callback',
  'reorder',
  'drop_response',
  'http_500',
  'html_503',
  'spike_arrest',
  'queue_timeout',
  'cut',
] as const

const faultsOf = {
  stkpush: [
    'drop_callback',
    'duplicate_callback',
    'late_callback',
    'early_callback',
    'reorder',
    'drop_response',
    'http_500',
    'html_503',
    'spike_arrest',
    'cut',
  ],
  stkpushquery: ['drop_response', 'http_500', 'html_503', 'spike_arrest', 'cut'],
  transactionstatus: ofOperator,
  c2b: ['drop_callback', 'duplicate_callback', 'late_callback', 'reorder'],
  reversal: ofOperator,
  b2c: ofOperator,
  b2pochi: ofOperator,
  b2b: ofOperator,
  pulltransactions: ['http_500', 'html_503', 'spike_arrest', 'cut'],
  pesaflow_checkout: ['drop_response', 'http_500', 'html_503', 'html_200', 'cut'],
  pesaflow_status: ['drop_response', 'http_500', 'html_503', 'html_200', 'cut'],
  pesaflow_ipn: ['drop_callback', 'duplicate_callback', 'late_callback', 'early_callback', 'reorder'],
  oauth: ['http_500', 'html_503', 'cut'],
  '*': ['expire_token'],
} as const

/** Some of all the faults that the simulator knows, each as often as chance has it. */
export function someFaults({ random }: Stage): FaultRule[] {
  return Object.entries(faultsOf).flatMap(([api, names]) =>
    names
      .filter(() => random.fraction() < 0.4)
      .map((fault) => ({
        api: api as FaultRule['api'],
        fault,
        probability: fault === 'expire_token' ? 0.05 : 0.4 * random.fraction() ** 2,
        ...(fault.endsWith('_callback') && { delay_ms: random.integer(5 * minuteMs) }),
      })),
  )
}
