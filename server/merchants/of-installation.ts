import type { Context } from '../context.ts'
import { keepOfInstallation, recallOfInstallation } from '../database/installation.ts'
import { createMerchant, findMerchants } from './merchant.ts'
import type { Merchant } from './merchant.ts'

/**
 * The merchant that has a part in the installation, under whatever name it goes by now; made under `name` when there is none, or
 * found by it in an installation of before. To be called in turn.
 */
export async function merchantOfInstallation(
  context: Context,
  part: 'demo_merchant' | 'first_merchant',
  name: string,
): Promise<Merchant> {
  const id = await recallOfInstallation<string>(context.database, part)
  const [known] = id === undefined ? [] : await findMerchants(context, [id])
  if (known) return known
  const merchant = await createMerchant(context, name)
  await keepOfInstallation(context, part, merchant.id)
  return merchant
}
