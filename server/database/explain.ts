import { CannotStart } from '../cannot-start.ts'

/**
 * Why a database cannot be used, as a sentence that names it and says what to do. What is no such reason is answered as it came.
 * The password is never in it.
 */
export function explainDatabase(error: unknown, url: string): unknown {
  if (error instanceof CannotStart) return error
  const { code = '', message = '' } = error as { code?: string; message?: string }
  const why = reasons(placeOf(url), message).find(([codes]) => codes.test(code || message))
  return why ? new CannotStart(why[1], { cause: error }) : error
}

type Place = { host: string; user: string; database: string }

function reasons({ host, user, database }: Place, message: string): [RegExp, string][] {
  const correct = 'correct DATABASE_URL'
  return [
    [/^(ECONNREFUSED|ENOENT|EPERM)$/, `No PostgreSQL listens at ${host}: start it there, or ${correct}.`],
    [/^(ENOTFOUND|EAI_AGAIN|EAI_NODATA)$/, `There is no host that is named as in ${host}: ${correct}.`],
    [
      /^(ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ECONNRESET)$|timeout/i,
      `PostgreSQL at ${host} does not answer: see that it runs, that its machine keeps up, and that a firewall lets this one through, or ${correct}.`,
    ],
    [/^28P01$/, `PostgreSQL at ${host} refuses the password of the user "${user}": ${correct}.`],
    [/^28000$/, `PostgreSQL at ${host} refuses the user "${user}" (${message}): let it in there, or ${correct}.`],
    [
      /^3D000$/,
      `PostgreSQL at ${host} has no database "${database}": make it there (create database ${database}), or ${correct}.`,
    ],
    [
      /^42501$/,
      `The user "${user}" may not make tables in the database "${database}" at ${host} (${message}): make it the database's owner.`,
    ],
    [/^53300$/, `PostgreSQL at ${host} has no connection left: raise its max_connections, or end what holds them.`],
    [/^25006$/, `PostgreSQL at ${host} only reads, as a standby does: name the primary, or ${correct}.`],
    [/^57P03$/, `PostgreSQL at ${host} is starting or stopping at this moment (${message}): wait until it is up.`],
    [
      /^(SELF_SIGNED|DEPTH_ZERO|UNABLE_TO|CERT_|ERR_TLS)|does not support SSL/,
      `PostgreSQL at ${host} cannot be reached encrypted (${message}): correct its certificate, or sslmode in DATABASE_URL.`,
    ],
    [
      /^(EPIPE|ECONNABORTED|(08|53|57|58)\w{3})$|^connection terminated/i,
      `PostgreSQL at ${host} broke off (${message}): see in its log what is wrong there.`,
    ],
  ]
}

function placeOf(url: string): Place {
  const { hostname, port, username, pathname } = new URL(url)
  const host = decodeURIComponent(hostname) || 'the socket of this machine'
  return {
    host: port ? `${host}:${port}` : host,
    user: decodeURIComponent(username),
    database: decodeURIComponent(pathname.slice(1)),
  }
}
