import type { Context } from './context.ts'

/** The address that providers are given: that of payers, unless callbacks take another way. */
export function callbackBase({ publicUrl, callbackBaseUrl = publicUrl }: Context['config']): string {
  return callbackBaseUrl
}
