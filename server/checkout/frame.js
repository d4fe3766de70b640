// Opens the provider's page before this one, where it lets itself be framed, and leads there where it does not. Without this it
// is a link.
const main = document.querySelector('main')
const link = () => main.querySelector('[data-frame]')
let dialog

async function open() {
  const { href, dataset } = link()
  const answer = await fetch(dataset.frame)
    .then((response) => response.json())
    .catch(() => ({}))
  const template = document.getElementById('at-page')
  if (!answer.framed || !template) return location.assign(href)
  dialog = template.content.firstElementChild.cloneNode(true)
  const frame = dialog.querySelector('iframe')
  frame.addEventListener('load', () => {
    // What is of another site cannot be looked into. What can is our own: the payer has come back.
    if (frame.contentDocument && frame.contentWindow.location.href !== 'about:blank') dialog.close()
  })
  frame.src = href
  dialog.addEventListener('close', () => dialog.remove())
  dialog.addEventListener('submit', check)
  document.body.append(dialog)
  dialog.showModal()
}

/** Has the provider asked, and leaves its page as it is: what comes of it is told. */
function check(event) {
  if (event.target.method !== 'post') return
  event.preventDefault()
  void fetch(event.target.action, { method: 'POST' })
}

/** Opens at once for who has just said that they want to pay there. */
function arrive() {
  if (location.hash !== '#pay' || !link()) return
  history.replaceState(null, '', location.pathname + location.search)
  void open()
}

main.addEventListener('click', (event) => {
  if (!event.target.closest('[data-frame]') || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  void open()
})

new MutationObserver(() => {
  arrive()
  if (!dialog?.open) return
  if (!link()) return dialog.close()
  dialog.querySelector('[role=status]').textContent = main.querySelector('h1').textContent
}).observe(main, { childList: true })

arrive()
