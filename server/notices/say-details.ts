import type { AuditRow } from '../access/audit.ts'
import { explainReason } from '../attention/reasons.ts'
import { showMoney } from '../web/parts/amount.ts'
import { showPhone } from '../web/parts/phone.ts'
import { sayMoment } from '../web/parts/time.ts'

/** What the audit log has of something that was done, as a person says it: each thing by its name, and what it was. */
export function sayDetails(details: AuditRow['details']): [name: string, value: string][] {
  return Object.entries(details).map(([name, value]) => [sayName(name), sayValue(name, value)])
}

function sayName(name: string): string {
  return names.get(name) ?? name.replaceAll('_', ' ')
}

/** Amounts in shillings, phones with a zero before them, moments of Nairobi, and words for what the API calls by a name of its own. */
function sayValue(name: string, value: unknown): string {
  if (value === null || value === undefined) return 'none'
  if (Array.isArray(value)) return value.map((one) => sayValue(name, one)).join(', ')
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'object')
    return sayDetails(value as AuditRow['details'])
      .map((pair) => pair.join(': '))
      .join(' · ')
  if (name === 'vat_rate_points') return `${Number(value) / 100} %`
  if (typeof value !== 'string') return JSON.stringify(value)
  if (name === 'reasons') return explainReason(value).split(/\.(?: |$)/)[0]!
  const known = values.get(name)?.[value]
  if (known !== undefined) return known
  if (/^\d+\.\d\d$/.test(value)) return showMoney(Math.round(Number(value) * 100))
  if (/^254\d{9}$/.test(value)) return showPhone(value)
  return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? sayMoment(new Date(value)) : value
}

const names = new Map(
  Object.entries<string>({
    accepts: 'takes',
    alternate_reference: 'reference there',
    approval_above: 'a second person approves above',
    awaits_approval: 'waits for approval',
    already_registered: 'registered before',
    before: 'role before',
    bytes: 'size in bytes',
    daily_limit: 'limit of a day',
    default_action: 'while Lango is away',
    duplicate_guard: 'refuses what is asked for twice',
    environment: 'money',
    invoice_id: 'invoice',
    invoice_reminders: 'reminders of invoices',
    is_default: 'the default',
    kind: 'to',
    mode: 'money',
    outside_payment: 'payment elsewhere',
    payment_id: 'payment',
    reasons: 'why',
    receipt: 'M-Pesa code',
    scopes: 'may',
    shortcode: 'short code',
    tax_pin: 'KRA PIN',
    vat_rate_points: 'VAT',
  }),
)

const money = { simulator: 'simulator', sandbox: 'sandbox', test: 'test', live: 'real' }

/** What is kept by a name of the API, by what it is a value of. */
const values = new Map(
  Object.entries<Record<string, string>>({
    accepts: {
      all: 'all',
      known_reference: 'references that are known',
      exact_amount: 'exact amounts',
      what_url_accepts: 'what an address of yours says',
    },
    changed: {
      is_default: 'whether it is the default',
      ended: 'whether it is in use',
      mpesa: 'its credentials',
      pesaflow: 'its credentials',
    },
    default_action: { accept: 'money is taken', reject: 'money is turned away' },
    environment: money,
    kind: { b2c: 'a person', pochi: 'a Pochi la Biashara', b2b: 'a business' },
    language: { en: 'English', sw: 'Kiswahili' },
    method: { ecitizen: 'eCitizen', other: 'another way' },
    mode: money,
    status: { enabled: 'on', disabled: 'off' },
  }),
)
