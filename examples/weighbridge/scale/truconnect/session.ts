import type { Weight } from '../scale.ts'

/** What is being weighed, as those tell it who listen: its plate, and the axles that were taken. */
export type Session = { plate: string | null; axles: { axleNumber: number; weight: number }[] }

export const emptySession = (): Session => ({ plate: null, axles: [] })

/** A message of TruConnect's WebSocket, either way. */
export type Message = { event: string; data: Record<string, unknown> }

/** What to do about a message: what the session is then, what its sender is answered, and what is to be sent to the cloud. */
export type Reaction = { session: Session; answer: Message; complete?: Record<string, unknown> }

/** TruConnect's names, each with what it does; pure, so that a table can tell it. */
export function react({ event, data }: Message, session: Session, weight: Weight): Reaction {
  const say = (data: Record<string, unknown> = {}) => ({ event: `${event}-ack`, data: { success: true, ...data } })
  switch (event) {
    case 'register':
      return { session, answer: say({ stationCode: data.stationCode, bound: data.bound, mode: data.mode }) }
    case 'plate':
      if (typeof data.plateNumber !== 'string') return { session, answer: refuse('plateNumber is required') }
      return { session: { ...session, plate: data.plateNumber }, answer: say({ plateNumber: data.plateNumber }) }
    case 'query-weight':
      return { session, answer: weightMessage(weight) }
    case 'weights-captured':
    case 'transaction-sync':
      return { session, answer: say({ transactionId: data.transactionId, vehicleRegNumber: data.vehicleRegNumber }) }
    case 'axle-captured': {
      const axles = captured(session, data)
      if (!axles) return { session, answer: refuse('axleNumber and weight are numbers') }
      const told = { axleNumber: data.axleNumber, weight: data.weight, capturedAxles: axles.length, gvw: gvwOf(axles) }
      return { session: { ...session, axles }, answer: say(told) }
    }
    case 'vehicle-complete': {
      const gvw = session.axles.length ? gvwOf(session.axles) : weight.kg
      const complete = { ...data, vehicleRegNumber: session.plate, axles: session.axles, gvw }
      return { session: emptySession(), answer: say({ gvw }), complete }
    }
    case 'reset-session':
      return { session: emptySession(), answer: { event: 'session-reset-ack', data: { success: true } } }
    default:
      return { session, answer: refuse(`There is no event ${event}`) }
  }
}

/** The weight as TruConnect tells it; of a scale that is not heard, no weight is made up. */
export function weightMessage({ kg, decksKg, isStable, line }: Weight): Message {
  const [deck1 = 0, deck2 = 0, deck3 = 0, deck4 = 0] = decksKg
  const decks = kg === null ? {} : { deck1, deck2, deck3, deck4 }
  return {
    event: 'weights',
    data: { mode: 'multideck', ...decks, gvw: kg, stable: isStable, connected: line === 'connected' },
  }
}

const refuse = (message: string): Message => ({ event: 'error', data: { message } })
const gvwOf = (axles: Session['axles']) => axles.reduce((sum, axle) => sum + axle.weight, 0)

/** An axle that is taken again counts as it was taken last. */
function captured({ axles }: Session, { axleNumber, weight }: Record<string, unknown>): Session['axles'] | undefined {
  if (typeof axleNumber !== 'number' || typeof weight !== 'number') return undefined
  return [...axles.filter((axle) => axle.axleNumber !== axleNumber), { axleNumber, weight }]
}
