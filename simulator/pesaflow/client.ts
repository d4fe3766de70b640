import type { World } from '../world.ts'

/** An organisation that collects through Pesaflow. */
export type PesaflowClient = {
  api_client_id: string
  /** Whom the page to pay at names. */
  name: string
  key: string
  secret: string
  /** Whether it may use `/api/invoice/create`, for which the real Pesaflow gives a grant by hand. */
  may_create_invoices: boolean
}

/** The key and secret that every client number has here until it is given others. */
export const usualKey = 'simulator-key'
export const usualSecret = 'simulator-secret'

/** The client number that does not exist, for trying what happens then. */
const missingClient = '999'

const clients = (world: World) => world.memory.collection<PesaflowClient>('pesaflow-clients')

/** The client of a number. Every 1 to 6 digits are one, made when first asked for, but for 999. */
export function findClient(world: World, id: string): PesaflowClient | undefined {
  if (id === missingClient || !/^\d{1,6}$/.test(id)) return undefined
  const found = clients(world).get(id)
  if (found !== undefined) return found
  const made = {
    api_client_id: id,
    name: `County ${id}`,
    key: usualKey,
    secret: usualSecret,
    may_create_invoices: false,
  }
  clients(world).set(id, made)
  return made
}

/** The client with this key and secret; client 1 for the usual ones. */
export const findClientByKeys = (world: World, key: unknown, secret: unknown): PesaflowClient | undefined =>
  [findClient(world, '1'), ...clients(world).values()].find(
    (client) => client?.key === key && client?.secret === secret,
  )

export const allClients = (world: World): PesaflowClient[] => [...clients(world).values()]

/** Changes what is named, making the client if need be. Throws a sentence that says what to write instead. */
export function setClient(world: World, id: string, changes: Record<string, unknown>): PesaflowClient {
  const found = findClient(world, id)
  if (found === undefined)
    throw new Error('A client number has 1 to 6 digits, and 999 is kept as the one that does not exist.')
  const { name, key, secret, may_create_invoices, ...rest } = changes
  const [unknown] = Object.keys(rest)
  if (unknown !== undefined)
    throw new Error(`There is no field ${unknown} here. There are: name, key, secret, may_create_invoices.`)
  for (const [field, value] of Object.entries({ name, key, secret })) {
    if (value !== undefined && (typeof value !== 'string' || value === '')) throw new Error(`${field} must be a text.`)
  }
  if (may_create_invoices !== undefined && typeof may_create_invoices !== 'boolean')
    throw new Error('may_create_invoices must be true or false.')
  Object.assign(found, changes)
  world.changed('bills')
  return found
}
