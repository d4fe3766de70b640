import { parseArgs } from 'node:util'
import { disablePayouts, enablePayouts, findMerchant, formatKes, parseShillings } from '@lango/server'
import { withInstallation } from './database.ts'

const usage = `Usage: lango payouts enable --merchant <id|name> --daily-limit <shillings> [--approve-above <shillings>]
       lango payouts disable --merchant <id|name>`

/** `lango payouts enable|disable`: whoever can run this on the machine decides as an owner does. */
export async function run([verb, ...argv]: string[]): Promise<void> {
  if (verb !== 'enable' && verb !== 'disable') throw new Error(usage)
  const { values } = parseArgs({
    args: argv,
    options: {
      merchant: { type: 'string' },
      'daily-limit': { type: 'string' },
      'approve-above': { type: 'string' },
    },
  })
  const { merchant: name, 'approve-above': threshold } = values
  if (!name) throw new Error('Say whose payouts: --merchant <id or name>, for example --merchant demo')
  const dailyLimit = verb === 'enable' ? readCents('--daily-limit', values['daily-limit']) : 0
  const approvalAbove = threshold === undefined ? null : readCents('--approve-above', threshold)

  await withInstallation(async (context) => {
    const merchant = await findMerchant(context, name)
    if (!merchant) throw new Error(`There is no merchant "${name}". The demo merchant is named demo.`)
    const operator = { ...context, actor: 'user:operator' }
    if (verb === 'disable') return disablePayouts(operator, merchant.id)
    const limits = { daily_limit_cents: dailyLimit, approval_above_cents: approvalAbove }
    return enablePayouts(operator, { merchant_id: merchant.id, ...limits })
  })

  if (verb === 'disable') return console.log(`${name} sends no more money. What is under way takes its course.`)
  const approval =
    approvalAbove === null ? '' : ` What is above ${formatKes(approvalAbove, 'short')} waits for a second person.`
  console.log(`${name} may send up to ${formatKes(dailyLimit, 'short')} shillings a day.${approval}
It takes a key with the scope: lango keys create --merchant ${name} --scopes payments:read,payouts:write`)
}

function readCents(option: string, text: string | undefined): number {
  const cents = parseShillings(text ?? '')
  if (cents === undefined) throw new Error(`Give ${option} in shillings, for example ${option} 100000\n${usage}`)
  return cents
}
