import { withInstallation } from './database.ts'

/** `lango migrate`: brings the database up to date without starting anything. */
export async function run(): Promise<void> {
  await withInstallation(async () => undefined)
  console.log('The database is up to date.')
}
