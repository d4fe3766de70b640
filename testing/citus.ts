const hasCitus = process.env['CITUS_URL'] !== undefined

/** For a test that only a Citus can answer: it needs the coordinator of one that knows its workers, at CITUS_URL. */
export const onCitus = { skip: !hasCitus && 'CITUS_URL leads to no Citus' }

/** For a test of what no Citus has, with the reason. */
export const notOnCitus = (because: string) => ({ skip: hasCitus && because })
