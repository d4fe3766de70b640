import { setTimeout as pause } from 'node:timers/promises'
import type { Context } from '../context.ts'
import { isPartitionMissing, makePartitions } from './partitions.ts'

const attemptsMax = 5
const pauseMsMax = 50

/**
 * Runs a statement again when PostgreSQL refused it for the company it was in: it met another one in a deadlock, or the
 * partition of its month was missing. What else it throws is thrown.
 */
export async function again<Result>(context: Context, statement: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await statement()
    } catch (error) {
      if (attempt === attemptsMax) throw error
      if (isPartitionMissing(error)) await makePartitions(context.database, context.clock.now())
      else if (!isCollision(error)) throw error
      // Those who met would meet again if they all came back at once.
      else await pause(Math.random() * pauseMsMax * attempt)
    }
  }
}

function isCollision(error: unknown): boolean {
  return ['40P01', '40001'].includes((error as { code?: string }).code ?? '')
}
