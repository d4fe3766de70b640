import type { Context as HonoContext } from 'hono'
import type { SignedInEnvironment } from './signed-in.ts'

/** A request of somebody who is signed in. */
export type DeskContext = HonoContext<SignedInEnvironment>
