import type { Command, Noun } from './command.ts'

/** Every command, in the order of the help. Each has a file of its own, which is loaded when it is named. */
export const commands = new Map(
  Object.entries<() => Promise<Command | Noun>>({
    start: () => import('./commands/start.ts').then(({ start }) => start),
    simulator: () => import('./commands/simulator.ts').then(({ simulator }) => simulator),
    pay: () => import('./commands/pay.ts').then(({ pay }) => pay),
    listen: () => import('./commands/listen.ts').then(({ listen }) => listen),
    trigger: () => import('./commands/trigger.ts').then(({ trigger }) => trigger),
    logs: () => import('./commands/logs.ts').then(({ logs }) => logs),
    payments: () => import('./commands/payments.ts').then(({ payments }) => payments),
    webhooks: () => import('./commands/webhooks.ts').then(({ webhooks }) => webhooks),
    merchants: () => import('./commands/merchants.ts').then(({ merchants }) => merchants),
    users: () => import('./commands/users.ts').then(({ users }) => users),
    keys: () => import('./commands/keys.ts').then(({ keys }) => keys),
    payers: () => import('./commands/payers.ts').then(({ payers }) => payers),
    payouts: () => import('./commands/payouts.ts').then(({ payouts }) => payouts),
    doctor: () => import('./commands/doctor.ts').then(({ doctor }) => doctor),
    verify: () => import('./commands/verify.ts').then(({ verify }) => verify),
    migrate: () => import('./commands/migrate.ts').then(({ migrate }) => migrate),
    backup: () => import('./commands/backup.ts').then(({ backup }) => backup),
    restore: () => import('./commands/restore.ts').then(({ restore }) => restore),
    secret: () => import('./commands/secret.ts').then(({ secret }) => secret),
    completion: () => import('./commands/completion.ts').then(({ completion }) => completion),
  }),
)
