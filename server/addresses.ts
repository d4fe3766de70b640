import type { Settings } from './settings.ts'

/** Where this server is reached: by payers and providers, and, where that differs, by callbacks. */
export function addressesOf(
  { PUBLIC_URL, MPESA_CALLBACK_URL }: Pick<Settings, 'PUBLIC_URL' | 'MPESA_CALLBACK_URL'>,
  own: string,
): { publicUrl: string; callbackBaseUrl?: string } {
  const callbackBaseUrl = MPESA_CALLBACK_URL && baseOf(MPESA_CALLBACK_URL, PUBLIC_URL)
  const publicUrl = PUBLIC_URL ?? callbackBaseUrl ?? own
  const isOther = callbackBaseUrl !== undefined && callbackBaseUrl !== publicUrl
  return { publicUrl, ...(isOther && { callbackBaseUrl }) }
}

/**
 * What the callback's path is put behind. A setting that names a whole callback URL means its host, for each callback has a path of
 * its own; what stands before a path of ours is a prefix that a proxy takes away.
 */
function baseOf(callback: string, publicUrl: string | undefined): string {
  const { origin, host, pathname } = new URL(callback)
  if (publicUrl && new URL(publicUrl).host === host) return publicUrl
  const [, prefix = ''] = /^(.*?)\/v1\/(?:in|webhooks)(?:\/|$)/.exec(pathname) ?? []
  return origin + prefix
}
