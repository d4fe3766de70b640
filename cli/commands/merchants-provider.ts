import { readFileSync } from 'node:fs'
import {
  addAccount,
  configureAccount,
  namedAccount,
  Problem,
  readMpesaChange,
  refuseUncallable,
  summarizeAccount,
  updateAccount,
} from '@lango/server'
import type { Account, AccountInput, Context, MpesaChange, Settings } from '@lango/server'
import { command, UsageError } from '../command.ts'
import { merchantOption, requireMerchant, withInstallation } from '../installation.ts'
import { isSetBySettings } from '../start/first-merchant.ts'

/** What may be changed, each as an option of its name. */
const changes = {
  env: { takes: '<name>', what: 'simulator, sandbox or live' },
  shortcode: { takes: '<digits>', what: 'the paybill, or the store number of a till' },
  till: { takes: '<digits>', what: 'the till number, for an account that sells goods' },
  'consumer-key': { takes: '<text>', what: "of the app at Safaricom's portal" },
  'consumer-secret': { takes: '<text>', what: 'of the same app' },
  passkey: { takes: '<text>', what: 'for STK push' },
  initiator: { takes: '<name>', what: 'the API operator, who refunds and pays out' },
  'security-credential': { takes: '<text>', what: "the operator's password, encrypted by Safaricom's certificate" },
  'nominated-number': { takes: '<phone>', what: 'the number that was nominated for Pull' },
  'result-url': { takes: '<url>', what: "an address for results other than Lango's" },
  'timeout-url': { takes: '<url>', what: "an address for time-outs other than Lango's" },
} as const

export const provider = command({
  summary: "shows a merchant's account with a provider, or corrects it",
  about: `Whoever can run this on the machine decides as an owner does: also a live account is corrected here. What is not given stays
as it is; an empty value ('') takes something away. Without --account it is the default one, and another env, shortcode or till is
another account, of before or new, in its place. A new name at --account adds an account beside the others: a till, a branch.
What stands on a command line can be seen by others on the machine: --from keeps secrets from there.`,
  words: { provider: { what: 'mpesa' } },
  options: {
    merchant: merchantOption,
    account: { takes: '<name|id>', what: 'which of several accounts; one that is not there yet is added' },
    default: { what: 'makes it the one that is used where none is named' },
    end: { what: 'makes nothing new with it any more; set again, it comes back' },
    ...changes,
    from: {
      takes: '<file>',
      what: 'reads a JSON object with these fields, as PUT /v1/merchant/providers/mpesa takes them; - is the standard input',
    },
  },
  json: 'the account as the API shows it, secrets masked',
  examples: [
    'merchants provider mpesa --merchant demo',
    "merchants provider mpesa --merchant 'Duka la Juu' --consumer-secret new-secret",
    'merchants provider mpesa --merchant demo --account Westlands --default',
    'merchants provider mpesa --merchant demo --from account.json',
  ],
  async run({ words, options }) {
    const { merchant: name, from, account: named } = options
    if (words.provider !== 'mpesa')
      throw new Error(`The provider ${words.provider} is not there yet: this Lango speaks to mpesa.`)
    const { given, taken } = readGiven(from, options)
    return withInstallation(async (context, settings) => {
      const { id: merchant_id } = await requireMerchant(context, name)
      const present = await accountOf(context, merchant_id, named)
      const { default: isDefault, end: isEnded } = options
      const isChange = taken.length > 0 || Object.keys(given).length > 0 || isDefault || isEnded
      if (!isChange && !present)
        throw new Error(
          `${name} has no ${named ? `account "${named}"` : 'account with M-Pesa'} yet. Set one: --help tells how.`,
        )
      for (const name of ['result_url', 'timeout_url'] as const)
        if (given[name]) refuseUncallable(context, given[name], name)
      const change = { merchant_id, present, given, taken, named, isDefault, isEnded }
      const account = isChange ? await carryOut(context, change) : present!
      return { json: summarizeAccount(account), text: await show(context, settings, account, isChange) }
    })
  },
})

type Typed = Partial<Record<keyof typeof changes, string>>

/** The fields that shall be set, and the names of those that shall go. */
function readGiven(from: string | undefined, typed: Typed): { given: MpesaChange; taken: string[] } {
  const options = Object.keys(changes) as (keyof typeof changes)[]
  const typedFields = options.flatMap((option) => {
    const value = typed[option]
    return value === undefined ? [] : [[option.replaceAll('-', '_'), value] as const]
  })
  const fields = { ...(from !== undefined && readFields(from)), ...Object.fromEntries(typedFields) }
  const taken = Object.keys(fields).filter((name) => fields[name] === '' || fields[name] === null)
  const set = Object.fromEntries(Object.entries(fields).filter(([name]) => !taken.includes(name)))
  return { given: readMpesaChange(set), taken }
}

function readFields(from: string): Record<string, unknown> {
  const where = from === '-' ? 'The standard input' : from
  let fields: unknown
  try {
    fields = JSON.parse(readFileSync(from === '-' ? 0 : from, 'utf8'))
  } catch (error) {
    throw new UsageError(`${where} cannot be read as JSON: ${(error as Error).message}`)
  }
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields))
    throw new UsageError(`${where} must hold one object, such as {"consumer_key": "…", "consumer_secret": "…"}.`)
  // As the API takes it, the account stands inside; its type follows from whether there is a till.
  const { mpesa, ...outside } = fields as Record<string, unknown>
  const { provider: _provider, type: _type, ...account } = (mpesa ?? outside) as Record<string, unknown>
  return account
}

async function accountOf(context: Context, merchant_id: string, account?: string): Promise<Account | undefined> {
  try {
    return await namedAccount(context, { merchant_id, provider: 'mpesa', account })
  } catch (error) {
    // An id is no name that an account could be added under.
    if (error instanceof Problem && absent.has(error.code) && !account?.startsWith('acc_')) return undefined
    throw error
  }
}

const absent = new Set(['provider_not_configured', 'not_found'])

type Change = {
  merchant_id: string
  /** The account that is named, or else the default one. */
  present: Account | undefined
  given: MpesaChange
  taken: string[]
  named: string | undefined
  isDefault: boolean
  isEnded: boolean
}

/** Sets the default account, adds one, or changes the one that is named. */
async function carryOut(context: Context, change: Change): Promise<Account> {
  const { merchant_id, present, named, isDefault, isEnded } = change
  if (!present && isEnded) throw new UsageError('There is no such account to end.')
  if (named !== undefined && !present)
    return addAccount(context, { ...accountInput(change), name: named, is_default: isDefault })
  if (named === undefined && !isDefault && !isEnded) return configureAccount(context, accountInput(change))
  const { credentials, ...number } = accountInput(change)
  if (numbers.some((name) => number[name] !== present![name]))
    throw new UsageError('An account keeps its env, shortcode and till: add another under a new name.')
  const is_default = isDefault || undefined
  return updateAccount(context, { merchant_id, id: present!.id, mpesa: credentials, is_default, ended: isEnded })
}

const numbers = ['environment', 'shortcode', 'till'] as const

function accountInput({ merchant_id, present, given, taken }: Change): AccountInput {
  const {
    env: environment = present?.environment,
    shortcode = present?.shortcode,
    till: newTill,
    ...credentials
  } = given
  if (!environment || !shortcode)
    throw new UsageError('A new account needs --env and --shortcode, and its three credentials.')
  const isSameCode = shortcode === present?.shortcode
  const till = taken.includes('till') ? null : (newTill ?? (isSameCode ? present.till : null))
  const gone = Object.fromEntries(taken.filter((name) => name !== 'till').map((name) => [name, null]))
  return {
    merchant_id,
    provider: 'mpesa',
    environment,
    shortcode,
    till,
    type: till === null ? 'paybill' : 'till',
    credentials: { ...credentials, ...gone },
  }
}

async function show(context: Context, settings: Settings, account: Account, isChange: boolean): Promise<string> {
  const { account_id, config_summary } = summarizeAccount(account)
  const lines = Object.entries(config_summary)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `  ${name.padEnd(20)} ${value}`)
  const isOverruled = isChange && (await isSetBySettings(context, settings, account))
  return [
    `${isChange ? 'Set: ' : ''}${account_id}`,
    ...lines,
    ...(isOverruled ? ['The MPESA_ settings set this account again at the next start: change them too.'] : []),
  ].join('\n')
}
