/** A path of ours, to go back to; the beginning for what leads elsewhere. */
export function wayBack(to: string | undefined): string {
  const isOurs = to !== undefined && /^\/(?![/\\])[^\\\p{Cc}]*$/u.test(to) && !to.startsWith('/sign-')
  return isOurs ? to : '/'
}

/** Where one signs in to come to a path. */
export function signInPath(to: string): string {
  return to === '/' ? '/sign-in' : `/sign-in?${new URLSearchParams({ to })}`
}
