// The pages work without this script, by forms and reloads. With it they show what happens as it happens.

const { live, now } = document.body.dataset
const title = document.title
const loadedAt = performance.now()
let startedAt = Number(now)
const simulatedNow = () => startedAt + performance.now() - loadedAt

const source = new EventSource(live)
let isFollowing = false
source.addEventListener('open', () => {
  // A simulator that was started anew knows nothing of what this page shows.
  if (isFollowing) location.reload()
  isFollowing = true
})
source.addEventListener('message', ({ data }) => {
  const template = document.createElement('template')
  template.innerHTML = data
  // Taken before any is put in its place, for that takes it out of the template.
  const fragments = Array.from(template.content.children)
  fragments.forEach(put)
  settle()
})
source.addEventListener('gone', ({ data }) => {
  for (const id of JSON.parse(data)) document.getElementById(id)?.remove()
  settle()
})
source.addEventListener('clock', ({ data }) => {
  const { now: told, time, day } = JSON.parse(data)
  startedAt += told - simulatedNow()
  for (const clock of document.querySelectorAll('[data-clock]')) clock.textContent = time
  for (const clock of document.querySelectorAll('[data-day]')) clock.textContent = day
})

/** Puts a fragment in the place of its elder, or where its list wants new ones. */
function put(next) {
  const old = document.getElementById(next.id)
  if (old?.dataset.version === next.dataset.version) return
  const { say, into, place } = next.dataset
  if (say && say !== old?.dataset.say) document.getElementById('said').textContent = say
  const rings = next.matches('.ringing') && !old?.matches('.ringing')
  if (!old) {
    document.getElementById(into)[place](next)
    if (rings) bringIntoView(next, 'smooth')
    return
  }
  keepWhatIsTyped(old, next)
  const focused = old.contains(document.activeElement) ? document.activeElement : null
  old.replaceWith(next)
  if (rings) bringIntoView(next, 'smooth')
  if (!focused) return
  const same = focused.id && document.getElementById(focused.id)
  ;(same || next.querySelector('[data-focus]') || next).focus({ preventScroll: true })
}

/** Shows what a phone rings for, unless somebody is typing at another one. */
function bringIntoView(phone, behavior) {
  const { activeElement } = document
  if (activeElement?.matches('input') && activeElement.value && !phone.contains(activeElement)) return
  const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches
  phone
    .querySelector('.stk')
    ?.scrollIntoView({ behavior: isCalm ? 'instant' : behavior, inline: 'center', block: 'nearest' })
}

function keepWhatIsTyped(old, next) {
  for (const field of old.querySelectorAll('input[id]')) {
    const same = next.querySelector(`#${CSS.escape(field.id)}`)
    if (!same) continue
    if (field.checked !== field.defaultChecked) same.checked = field.checked
    else if (field.value !== field.defaultValue) same.value = field.value
  }
  for (const fold of old.querySelectorAll('details[id][open]')) {
    next.querySelector(`#${CSS.escape(fold.id)}`)?.setAttribute('open', '')
  }
}

/** What depends on the whole page: how much time prompts have left, and whether the tab should say that one rings. */
function settle() {
  for (const bar of document.querySelectorAll('[data-opened]')) {
    bar.style.animationDelay = `${Date.parse(bar.dataset.opened) - simulatedNow()}ms`
    bar.hidden = false
  }
  const ringing = document.querySelectorAll('.hand.ringing').length
  document.title = ringing > 0 ? `(${ringing}) ${title}` : title
}

// What such a form changes comes back as a fragment, so the page need not be loaded again.
document.addEventListener('submit', (event) => {
  const { target: form, submitter } = event
  if (!form.matches('[data-stay]')) return
  event.preventDefault()
  const action = submitter?.hasAttribute('formaction') ? submitter.formAction : form.action
  const body = new URLSearchParams(new FormData(form, submitter))
  fetch(action, { method: 'POST', body, redirect: 'manual' }).catch(() => location.reload())
})
document.addEventListener('change', ({ target }) => {
  if (target.matches('select[data-at-once]')) target.form.requestSubmit()
})

settle()

const ringing = document.querySelector('.hand.ringing')
if (ringing && !location.hash) bringIntoView(ringing, 'instant')
