import { raw, sql } from '../database/sql.ts'

/** So many failures in a row, and an endpoint is left alone for a while, then tried with one delivery before all others follow. */
const strikesMax = raw('5')

/** Of the first pause; each one after it takes twice as long. */
const pauseSeconds = raw('5')
const pauseSecondsMax = raw('300')

/** That an endpoint `w` has failed so often, in SQL. */
export const isSuspect = sql`(w.strikes >= ${strikesMax})`

/** An attempt that began before the pause did says nothing new. */
const isOldNews = sql`coalesce(w.paused_until > j.at, false)`

/** How often in a row an endpoint `w` has failed, by the judgement `j` of it, in SQL. */
export const strikesAfter = sql`case
  when j.succeeded then 0
  when ${isOldNews} then w.strikes
  when ${isSuspect} then w.strikes + 1
  else least(w.strikes + j.failures, ${strikesMax}) end`

/** Until when an endpoint `w` is left alone, by the judgement `j` of it, and its strikes `after` that, in SQL. */
export const pausedAfter = sql`case
  when j.succeeded or after.strikes < ${strikesMax} then null
  when ${isOldNews} then w.paused_until
  else j.ended_at + make_interval(secs => least(${pauseSecondsMax}, ${pauseSeconds} * 2 ^ least(after.strikes - ${strikesMax}, 10))) end`

/** That the judgement `j` says something new of the endpoint `w`, in SQL. */
export const isNews = sql`case when j.succeeded then w.strikes > 0 else not ${isOldNews} end`
