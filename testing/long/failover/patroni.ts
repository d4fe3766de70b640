type State = { role: string; state: string; replication?: { state: string }[] }

/** What Patroni on each machine says of its PostgreSQL, asked at the ports of its API; undefined where it does not answer. */
export function statesOf(apis: string[]): Promise<(State | undefined)[]> {
  return Promise.all(apis.map((api) => ask<State>(api, '/patroni')))
}

export function isPrimary(state: State | undefined): boolean {
  return state?.state === 'running' && /^(master|primary)$/.test(state.role)
}

/**
 * Whether all others follow the primary, by what it sees itself: what a member says of itself is old where it stood still. And
 * whether etcd names one of them to take its place: until it does, nobody may, though PostgreSQL has one that is synchronous.
 */
export async function isWhole(apis: string[]): Promise<boolean> {
  const states = await statesOf(apis)
  const at = states.findIndex(isPrimary)
  const followers = states[at]?.replication ?? []
  if (followers.length !== apis.length - 1 || followers.some(({ state }) => state !== 'streaming')) return false
  const cluster = await ask<{ members: { role: string }[] }>(apis[at]!, '/cluster')
  return cluster?.members.some(({ role }) => role === 'sync_standby') ?? false
}

async function ask<Answer>(api: string, path: string): Promise<Answer | undefined> {
  try {
    const response = await fetch(`http://127.0.0.1:${api}${path}`, { signal: AbortSignal.timeout(2_000) })
    return (await response.json()) as Answer
  } catch {
    return undefined
  }
}
