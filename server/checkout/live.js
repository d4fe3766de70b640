// Shows what becomes of the payment while it happens. Without this the page asks again every few seconds.
const main = document.querySelector('main')

function show(text) {
  const kept = [...main.querySelectorAll('input, details')].map((part) => [part.id, part.value, part.open])
  const focused = document.activeElement.id
  main.innerHTML = text
  for (const [id, value, open] of kept) {
    const part = document.getElementById(id)
    if (part) Object.assign(part, value === undefined ? { open: part.open || open } : { value })
  }
  if (focused) document.getElementById(focused)?.focus()
  document.title = main.firstElementChild.dataset.title
}

if (main.dataset.events) {
  const source = new EventSource(main.dataset.events)
  source.addEventListener('state', (event) => show(event.data))
  source.addEventListener('last', (event) => {
    source.close()
    show(event.data)
  })
  // The browser gives up only when something on the way refuses such a connection. The page stays until there is one in its place.
  const comeBack = () => void setTimeout(lookAgain, 5000)
  const lookAgain = () =>
    void fetch(location.href).then(({ status }) => (status < 500 ? location.reload() : comeBack()), comeBack)
  source.addEventListener('error', () => {
    if (source.readyState === EventSource.CLOSED) comeBack()
  })
}

main.addEventListener('submit', (event) => {
  const button = event.submitter
  if (button && button.dataset.busy) button.textContent = button.dataset.busy
})
