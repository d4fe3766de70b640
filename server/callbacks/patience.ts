/** Longer than this nobody waits for the database: a provider that gets no answer does not come back. */
export const patienceMs = 4_000

/**
 * The work's answer, if it comes in time. The work goes on meanwhile.
 * @throws when it takes longer: an error that counts as an outage of the database.
 */
export function withPatience<Result>(work: Promise<Result>, ms = patienceMs): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`timeout: no answer within ${ms} ms`)), ms)
    void work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
