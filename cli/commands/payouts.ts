import { disablePayouts, enablePayouts, parseShillings, toShillings } from '@lango/server'
import { command, UsageError } from '../command.ts'
import type { Noun } from '../command.ts'
import { hint } from '../hint.ts'
import { merchantOption, requireMerchant, withInstallation } from '../installation.ts'

const enable = command({
  summary: 'lets a merchant send money, up to a limit for each day in Nairobi',
  about:
    'Whoever can run this on the machine decides as an owner does. Sending takes a key with the scope payouts:write.',
  options: {
    merchant: merchantOption,
    'daily-limit': { takes: '<shillings>', what: 'how much may go out in a day', isNeeded: true },
    'approve-above': { takes: '<shillings>', what: 'above this, a second person must approve; without it, never' },
  },
  json: '{"merchant","payouts_enabled","daily_limit","approve_above"}',
  examples: ['payouts enable --merchant demo --daily-limit 100000 --approve-above 20000'],
  async run({ options: { merchant: name, 'daily-limit': limit, 'approve-above': threshold } }) {
    const daily_limit_cents = readCents('daily-limit', limit)
    const approval_above_cents = threshold === undefined ? null : readCents('approve-above', threshold)
    await withInstallation(async (context) => {
      const { id: merchant_id } = await requireMerchant(context, name)
      await enablePayouts(context, { merchant_id, daily_limit_cents, approval_above_cents })
    })
    const [daily, above] = [show(daily_limit_cents), show(approval_above_cents)]
    const approval = above === null ? '' : ` What is above ${above} waits for a second person.`
    const key = hint('keys', 'create', '--merchant', name, '--scopes', 'payments:read,payouts:write')
    return {
      json: { merchant: name, payouts_enabled: true, daily_limit: daily, approve_above: above },
      text: `${name} may send up to ${daily} shillings a day.${approval}\nIt takes a key with the scope: ${key}`,
    }
  },
})

const disable = command({
  summary: 'lets a merchant send no more money',
  options: { merchant: merchantOption },
  json: '{"merchant","payouts_enabled"}',
  examples: ['payouts disable --merchant demo'],
  async run({ options: { merchant: name } }) {
    await withInstallation(async (context) => disablePayouts(context, (await requireMerchant(context, name)).id))
    return {
      json: { merchant: name, payouts_enabled: false },
      text: `${name} sends no more money. What is under way takes its course.`,
    }
  },
})

export const payouts: Noun = { summary: 'sending money: enable, disable', verbs: { enable, disable } }

const show = (cents: number | null) => (cents === null ? null : toShillings(cents))

function readCents(option: string, text: string): number {
  const cents = parseShillings(text)
  if (cents === undefined) throw new UsageError(`Give --${option} in shillings, for example --${option} 100000`)
  return cents
}
