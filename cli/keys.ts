import { parseArgs } from 'node:util'
import { createKey, findMerchant, scopes } from '@lango/server'
import type { Scope } from '@lango/server'
import { withInstallation } from './database.ts'

/** `lango keys create --merchant <id|name> --scopes a,b [--name n] [--live] [--json]` */
export async function run([verb, ...argv]: string[]): Promise<void> {
  if (verb !== 'create')
    throw new Error(
      'Usage: lango keys create --merchant <id|name> --scopes payments:read,payments:write [--live] [--json]',
    )
  const { values } = parseArgs({
    args: argv,
    options: {
      merchant: { type: 'string' },
      scopes: { type: 'string' },
      name: { type: 'string', default: 'lango keys create' },
      live: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  })
  if (!values.merchant) throw new Error('Say whose key it is: --merchant <id or name>, for example --merchant demo')
  const asked = readScopes(values.scopes)
  const made = await withInstallation(async (context) => {
    const merchant = await findMerchant(context, values.merchant!)
    if (!merchant) throw new Error(`There is no merchant "${values.merchant}". The demo merchant is named demo.`)
    return createKey(context, {
      merchant_id: merchant.id,
      name: values.name,
      mode: values.live ? 'live' : 'test',
      scopes: asked,
    })
  })
  console.log(
    values.json
      ? JSON.stringify(made)
      : `${made.key}\n\nThis key of ${values.merchant} is shown this once. It may: ${made.scopes.join(', ')}`,
  )
}

function readScopes(text: string | undefined): Scope[] {
  const names = (text ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
  if (names.length === 0) throw new Error(`Say what the key may do: --scopes with some of ${scopes.join(',')}`)
  const unknown = names.find((name) => !scopes.includes(name as Scope))
  if (unknown) throw new Error(`There is no scope "${unknown}". There are: ${scopes.join(', ')}`)
  return names as Scope[]
}
