import { overMachines } from './over-machines.ts'
import { isDistributed } from './spread.ts'
import { connect } from './connect.ts'
import type { ConnectOptions } from './connect.ts'
import type { Database } from './sql.ts'

/** Opens a database, of one machine or of many: whoever asks it need not know. @throws when it cannot be reached. */
export async function openDatabase(url: string, options: ConnectOptions = {}): Promise<Database> {
  const database = connect(url, options)
  try {
    if (!(await isDistributed(database))) return database
  } catch (error) {
    await database.end()
    throw error
  }
  await database.end()
  return overMachines(url, options)
}
