import { CannotStart } from './cannot-start.ts'

/** Why a port cannot be opened, as a sentence that names the setting. What is no such reason is answered as it came. */
export function cannotListen(
  error: unknown,
  { setting, port, host }: { setting: string; port: number; host: string },
): unknown {
  switch ((error as { code?: string }).code) {
    case 'EADDRINUSE':
      return new CannotStart(`Port ${port} is taken by another program. Stop it, or set ${setting} to another port.`)
    case 'EACCES':
      return new CannotStart(`This user may not open port ${port}. Set ${setting} to one above 1023.`)
    case 'EADDRNOTAVAIL':
    case 'EINVAL':
      return new CannotStart(
        `${host} is no address of this machine. Set HOST to 127.0.0.1, to 0.0.0.0 for all, or to one of its own.`,
      )
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new CannotStart(`There is no host "${host}" here. Set HOST to 127.0.0.1, or to 0.0.0.0 for every address.`)
    default:
      return error
  }
}
