import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Client } from 'pg'
import { postgresUser } from '../../../server/database/embedded/postgres-user.ts'
import { freePort } from '../../command.ts'
import { root } from '../../tidy.ts'
import { answers, startHaproxy } from '../processes/haproxy.ts'
import type { Place } from '../processes/installation.ts'
import { createProgram } from '../processes/program.ts'
import type { Program } from '../processes/program.ts'
import { isPrimary, isWhole, statesOf } from './patroni.ts'

/** A machine with a PostgreSQL that Patroni keeps. */
export type Member = {
  name: string
  /** `kill -9` of everything on it. */
  kill(): Promise<void>
  /** `kill -9` of PostgreSQL alone, which Patroni survives. */
  killPostgres(): void
  /** Everything stands still, with all connections open, until it is thawed. */
  freeze(): void
  thaw(): void
  /** Starts what was killed. */
  start(): Promise<void>
  said(): string
}

/** Three of them under etcd, reached through HAProxy, and through PgBouncer in front of that. */
export type Cluster = {
  /** Through PgBouncer, as nodes do. */
  url: string
  /** Through HAProxy alone. */
  ownUrl: string
  members: Member[]
  /** Whoever is the primary at this moment by Patroni's own word; undefined while there is none. */
  primary(): Promise<Member | undefined>
  /** Resolves when all others follow the primary, and one of them is named to take its place. */
  whole(): Promise<void>
}

const names = ['db1', 'db2', 'db3'] as const
const passwords = { postgres: 'dummy-postgres', replicator: 'dummy-replicator', lango: 'dummy-lango' }
const wholeMsMax = 180_000

type Ports = { postgres: string; api: string }

/** Starts it with the files of `deploy/`. */
export async function startCluster(place: Place): Promise<Cluster> {
  const user = postgresUser(place.folder)
  const folder = join(place.folder, 'cluster')
  mkdirSync(folder)
  chmodSync(place.folder, 0o711)
  if (user) chownSync(folder, user.uid, user.gid)
  const own: Own = { place, folder, user }

  const etcd = await startEtcd(own)
  const ports = new Map<string, Ports>()
  for (const name of names) ports.set(name, { postgres: await freePort(), api: await freePort() })
  const members = names.map((name) => createMember(own, { name, ports: ports.get(name)!, etcd }))
  await members[0]!.start()

  const proxyPort = await startProxy(place, ports)
  const superuser = `postgres://postgres:${passwords.postgres}@127.0.0.1:${proxyPort}`
  await until('There is no primary.', () => reached(superuser))
  await Promise.all(members.slice(1).map((member) => member.start()))
  const apis = names.map((name) => ports.get(name)!.api)
  const whole = () => until('The cluster is not whole.', () => isWhole(apis))
  // Without a second machine nothing is committed.
  await whole()
  await administer(`${superuser}/postgres`, `create role lango login password '${passwords.lango}'`)
  await administer(`${superuser}/postgres`, 'create database lango owner lango')

  return {
    url: `postgres://lango:${passwords.lango}@127.0.0.1:${await startPgbouncer(own, proxyPort)}/lango`,
    ownUrl: `postgres://lango:${passwords.lango}@127.0.0.1:${proxyPort}/lango`,
    members,
    async primary() {
      return members[(await statesOf(apis)).findIndex(isPrimary)]
    },
    whole,
  }
}

type Own = { place: Place; folder: string; user: { uid: number; gid: number } | undefined }

async function startEtcd({ place, folder, user }: Own): Promise<string> {
  const [client, peer] = [await freePort(), await freePort()]
  const [clientUrl, peerUrl] = [`http://127.0.0.1:${client}`, `http://127.0.0.1:${peer}`]
  const program = createProgram({
    name: 'etcd',
    program: 'etcd',
    argv: [],
    environment: {
      ETCD_NAME: 'one',
      ETCD_DATA_DIR: join(folder, 'etcd'),
      ETCD_LISTEN_CLIENT_URLS: clientUrl,
      ETCD_ADVERTISE_CLIENT_URLS: clientUrl,
      ETCD_LISTEN_PEER_URLS: peerUrl,
      ETCD_INITIAL_ADVERTISE_PEER_URLS: peerUrl,
      ETCD_INITIAL_CLUSTER: `one=${peerUrl}`,
    },
    ready: () => answers(Number(client)),
    folder,
    user,
  })
  place.atEnd(program.end)
  await program.start()
  return `127.0.0.1:${client}`
}

function createMember(
  { place, folder, user }: Own,
  { name, ports, etcd }: { name: string; ports: Ports; etcd: string },
): Member {
  const data = join(folder, name)
  const config = join(folder, `${name}.yml`)
  const home = join(folder, `home-of-${name}`)
  mkdirSync(home)
  if (user) chownSync(home, user.uid, user.gid)
  writeFileSync(
    config,
    replaced('patroni.yml', [
      [/^name: db1$/m, `name: ${name}`],
      [/10\.0\.0\.21:8008/g, `127.0.0.1:${ports.api}`],
      [/10\.0\.0\.21:5432/g, `127.0.0.1:${ports.postgres}`],
      [/hosts: .*/, `hosts: ${etcd}`],
      [/data_dir: .*/, `data_dir: ${data}`],
      [/10\.0\.0\.0\/24/g, '127.0.0.1/32'],
      [/CHANGE-1/, passwords.postgres],
      [/CHANGE-2/, passwords.replicator],
      // A machine of its own has the folder of Debian; three on one machine have one each.
      [/timezone: UTC/, `timezone: UTC\n        unix_socket_directories: ${folder}`],
    ]),
  )
  const patroni = createProgram({
    name,
    program: 'patroni',
    argv: [config],
    environment: { HOME: home },
    ready: () => answers(Number(ports.postgres)),
    folder,
    user,
  })
  const kill = async () => {
    const pids = postgresOf(data)
    await patroni.kill()
    signal(pids, 'SIGKILL')
  }
  place.atEnd(async () => {
    await patroni.end()
    signal(postgresOf(data), 'SIGKILL')
  })
  return {
    name,
    kill,
    killPostgres: () => signal(postgresOf(data), 'SIGKILL'),
    freeze() {
      patroni.freeze()
      signal(postgresOf(data), 'SIGSTOP')
    },
    thaw() {
      signal(postgresOf(data), 'SIGCONT')
      patroni.goOn()
    },
    start: patroni.start,
    said: patroni.said,
  }
}

/** PostgreSQL's processes on these data: the postmaster, and then its children. */
function postgresOf(data: string): number[] {
  let postmaster = NaN
  try {
    postmaster = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0])
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return []
  }
  const children = spawnSync('pgrep', ['-P', String(postmaster)], { encoding: 'utf8' }).stdout.split('\n')
  return [postmaster, ...children.filter(Boolean).map(Number)]
}

function signal(pids: number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name)
    } catch (error) {
      // A child may end by itself, because its parent has.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
}

async function startProxy(place: Place, ports: Map<string, Ports>): Promise<string> {
  const port = await freePort()
  const servers = [...ports].map(([name, { postgres, api }]) => `\tserver ${name} 127.0.0.1:${postgres} port ${api}\n`)
  await startHaproxy(place, {
    file: 'haproxy-postgres.cfg',
    port: Number(port),
    instead: [
      [/^\tbind .*$/m, `\tbind 127.0.0.1:${port}`],
      [/(^\tserver .*\n)+/m, servers.join('')],
    ],
  })
  return port
}

async function startPgbouncer({ place, folder, user }: Own, proxyPort: string): Promise<string> {
  const port = await freePort()
  const [config, users] = [join(folder, 'pgbouncer.ini'), join(folder, 'userlist.txt')]
  writeFileSync(users, `"lango" "${passwords.lango}"\n`)
  writeFileSync(
    config,
    replaced('pgbouncer.ini', [
      [/port=5000/, `port=${proxyPort}`],
      [/listen_port = .*/, `listen_port = ${port}`],
      [/auth_file = .*/, `auth_file = ${users}`],
      [/pool_mode = transaction/, 'pool_mode = transaction\nunix_socket_dir ='],
    ]),
  )
  const program: Program = createProgram({
    name: 'pgbouncer',
    program: 'pgbouncer',
    argv: [config],
    environment: {},
    ready: () => answers(Number(port)),
    folder,
    user,
  })
  place.atEnd(program.end)
  await program.start()
  return port
}

/** A file of `deploy/` with what is of this machine in it. @throws when it does not have what is to be replaced. */
function replaced(file: string, instead: [text: RegExp, replacement: string][]): string {
  let text = readFileSync(join(root, 'deploy', file), 'utf8')
  for (const [own, replacement] of instead) {
    if (text.search(own) < 0) throw new Error(`deploy/${file} has nothing like ${own}.`)
    text = text.replace(own, replacement)
  }
  return text
}

async function reached(url: string): Promise<boolean> {
  return administer(`${url}/postgres`, 'select 1').then(
    () => true,
    () => false,
  )
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000, query_timeout: 60_000 })
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

async function until(otherwise: string, isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + wholeMsMax
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error(otherwise)
    await wait(250)
  }
}
