// Shows the weight as it is, and a case as soon as something is written into it. Lost connections are opened again.
const scales = document.querySelectorAll('[data-scale]')
const shown = document.querySelector('[data-case]')?.dataset

// Who pressed a button is on the way elsewhere: a page that came again now would keep them here.
let isLeaving = false
addEventListener('submit', () => (isLeaving = true))
addEventListener('pageshow', () => (isLeaving = false))

function connect(waitMs = 500) {
  const socket = new WebSocket(
    new URL(shown ? `/live?case=${shown.case}` : '/live', location.href).href.replace(/^http/, 'ws'),
  )
  socket.onopen = () => (waitMs = 500)
  socket.onmessage = ({ data }) => {
    const { event, data: told } = JSON.parse(data)
    if (event === 'weight') scales.forEach((scale) => show(scale, told))
    // Not while somebody types: what is typed would be lost.
    const isNews =
      event === 'case' && shown && String(told.number) === shown.case && String(told.entries) !== shown.entries
    if (isNews && !isLeaving && !document.activeElement?.matches('input')) location.reload()
  }
  socket.onclose = () => {
    scales.forEach((scale) => show(scale, { kg: null, line: 'lost', decksKg: [] }))
    setTimeout(() => connect(Math.min(2 * waitMs, 10_000)), waitMs)
  }
}

function show(scale, { kg, isStable, fault, line, decksKg }) {
  const set = (name, text) => (scale.querySelector(`[data-${name}]`).textContent = text)
  const [word, colour] = stateOf({ kg, isStable, fault, line })
  set('kg', kg === null ? '–' : kg.toLocaleString('en'))
  set('state', word)
  set(
    'decks',
    decksKg.length
      ? `Decks: ${decksKg
          .filter(Boolean)
          .map((deck) => deck.toLocaleString('en'))
          .join(' · ')}`
      : '',
  )
  scale.querySelector('[data-state]').className = `status ${colour}`
}

function stateOf({ kg, isStable, fault, line }) {
  if (line === 'lost') return ['Not connected', 'failed']
  if (line === 'silent') return ['Says nothing', 'failed']
  if (fault) return [fault === 'overload' ? 'More than the scale bears' : 'Less than nothing', 'failed']
  if (kg <= 10) return ['Empty', 'completed']
  return isStable ? ['Stands still', 'completed'] : ['Moves', 'pending']
}

connect()
