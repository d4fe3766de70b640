// Makes pages of links and forms quicker: what happens is shown as it happens, a search answers while it is typed, and what is
// pressed twice is sent once. Without this all of it works too.

/** Shows what a part has become. Where the new markup says of which of its parts it is, only those that differ are touched. */
function become(part, text) {
  const template = document.createElement('template')
  template.innerHTML = text
  const parts = template.content.querySelectorAll('[data-part]')
  if (parts.length === 0) return show(part, text)
  for (const next of parts) {
    const own = document.getElementById(next.id)
    if (own && own.was !== next.innerHTML) {
      show(own, next.innerHTML)
      own.was = next.innerHTML
    }
  }
}

/** Puts new markup in place of a part's own, and keeps what somebody is typing, has folded out, or has in focus. */
function show(part, text) {
  const kept = [...part.querySelectorAll('input[id], textarea[id], select[id], details[id]')].map((one) => [
    one.id,
    one.tagName === 'DETAILS'
      ? { open: one.open }
      : one.type === 'radio'
        ? { checked: one.checked }
        : { value: one.value },
  ])
  const {
    id: focused,
    selectionStart,
    selectionEnd,
  } = part.contains(document.activeElement) ? document.activeElement : {}
  part.innerHTML = text
  for (const [id, state] of kept) {
    const one = document.getElementById(id)
    if (one) Object.assign(one, state)
  }
  const again = focused && document.getElementById(focused)
  if (!again) return
  again.focus({ preventScroll: true })
  if (typeof selectionStart === 'number') again.setSelectionRange(selectionStart, selectionEnd)
}

const away = 'Lango cannot be reached. What you see is from before; it is tried again by itself.'

/** Says at the edge of the page what is wrong, until it is told that nothing is any more. */
function say(words) {
  document.getElementById('trouble')?.remove()
  if (!words) return
  const toast = document.createElement('div')
  Object.assign(toast, { id: 'trouble', className: 'toast bad', role: 'alert', textContent: words })
  document.querySelector('main').after(toast)
}

/** What a page is, whatever it says; undefined where there is no network, and where it could not be made just now. */
async function fetched(url) {
  const answer = await fetch(url, { headers: { Accept: 'text/html' } }).catch(() => undefined)
  if (!answer || answer.status >= 500 || answer.status === 429) return undefined
  return answer.text().catch(() => undefined)
}

/** In five seconds, or as soon as there is a network again. */
function soon() {
  return new Promise((resolve) => {
    setTimeout(resolve, 5000)
    addEventListener('online', resolve, { once: true })
  })
}

/** Opens the page anew as soon as that shows more than a failure: until then what somebody has typed stays. */
let isLeaving = false
async function comeBack() {
  if (isLeaving) return
  isLeaving = true
  for (;;) {
    await soon()
    if ((await fetched(location.href)) !== undefined) return location.reload()
    say(away)
  }
}

const quietMs = 10_000
const sources = new Map()

/** Follows what becomes of each part that says where that is told. */
function follow() {
  for (const [part, source] of sources) {
    if (part.isConnected && source.of === part.dataset.live) continue
    source.close()
    sources.delete(part)
  }
  for (const part of document.querySelectorAll('[data-live]')) {
    if (sources.has(part)) continue
    const source = new EventSource(part.dataset.live)
    source.of = part.dataset.live
    source.addEventListener('state', (event) => become(part, event.data))
    source.addEventListener('last', (event) => {
      source.close()
      become(part, event.data)
    })
    // Each ends now and then, and the browser opens it again at once. One that is not open for longer has no network; and one that is
    // refused, since nobody is signed in any more or a node starts anew, is found out by the page.
    let silence
    source.addEventListener('open', () => {
      clearTimeout(silence)
      silence = undefined
      say()
    })
    source.addEventListener('error', () => {
      if (sources.get(part) !== source) return
      if (source.readyState === EventSource.CLOSED) return void comeBack()
      silence ??= setTimeout(() => sources.get(part) === source && say(away), quietMs)
    })
    sources.set(part, source)
  }
}

/** Asks for the page of a search while it is typed, and puts its results in place. The address names what is shown. */
let asked = 0
async function search(form) {
  const turn = ++asked
  const words = [...new FormData(form)].filter(([, value]) => value !== '')
  const url = `${form.getAttribute('action')}?${new URLSearchParams(words)}`.replace(/\?$/, '')
  const text = await fetched(url)
  if (turn !== asked) return
  say(text === undefined && away)
  if (text === undefined) {
    await soon()
    return turn === asked && search(form)
  }
  const found = new DOMParser().parseFromString(text, 'text/html')
  const next = found.getElementById(form.dataset.results)
  const part = document.getElementById(form.dataset.results)
  if (!next || !part) return location.assign(url)
  part.replaceWith(next)
  // What is downloaded is what is shown.
  const file = document.getElementById('csv')
  if (file) file.href = found.getElementById('csv')?.href ?? file.href
  // Where the whole page is told of, it is told of this search from now on.
  for (const live of document.querySelectorAll('[data-live][id]')) {
    const now = found.getElementById(live.id)
    if (now?.dataset.live) live.dataset.live = now.dataset.live
  }
  history.replaceState(null, '', url)
  follow()
}

let typing
document.addEventListener('input', (event) => {
  const form = event.target.closest('form[data-results]')
  if (!form) return
  clearTimeout(typing)
  typing = setTimeout(() => void search(form), event.target.type === 'search' ? 200 : 0)
})

// The first press counts. The button is turned off a moment later, so that what it says is sent along.
document.addEventListener('submit', (event) => {
  const form = event.target
  if (form.dataset.results) {
    event.preventDefault()
    clearTimeout(typing)
    return void search(form)
  }
  if (form.method !== 'post') return
  if (form.dataset.sent) return event.preventDefault()
  form.dataset.sent = 'yes'
  const button = event.submitter
  if (button?.dataset.busy) button.textContent = button.dataset.busy
  setTimeout(() => form.querySelectorAll('button').forEach((one) => (one.disabled = true)), 0)
})

// A page that comes back from the browser's memory is as it was before it was sent.
addEventListener('pageshow', (event) => event.persisted && location.reload())

document.addEventListener('change', (event) => {
  if (event.target.matches('[data-goes]')) event.target.form.requestSubmit()
})

// An address is copied at a press; who has no script marks it with a finger.
for (const button of document.querySelectorAll('[data-copy]')) {
  button.hidden = !navigator.clipboard
  button.addEventListener('click', () => {
    void navigator.clipboard.writeText(button.dataset.copy).then(
      () => (button.textContent = 'Copied'),
      () => (button.textContent = 'Mark it and copy it'),
    )
  })
}

// What has just been done is said once: the address forgets it, so that a reload does not say it again.
const here = new URL(location.href)
if (here.searchParams.has('done')) {
  here.searchParams.delete('done')
  history.replaceState(null, '', here)
}

follow()
