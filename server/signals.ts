import { EventEmitter, setMaxListeners } from 'node:events'

/** What the parts of one node tell each other. Everything is correct without it: a sweep or a reload finds out by itself. */
export type Signals = {
  /** There is due work of this kind: its sweep need not wait for its next turn. */
  wake(sweep: string): void
  onWake(listener: (sweep: string) => void): () => void
  /** The object with this id is not what it was, or something of the merchant with this id is not. */
  changed(id: string): void
  onChange(id: string, listener: () => void): () => void
  /** The node is going down: whoever only waits for news leaves. */
  stop(): void
  readonly stopping: AbortSignal
}

export function createSignals(): Signals {
  const emitter = new EventEmitter().setMaxListeners(0)
  const listen = (name: string, listener: (value: string) => void) => {
    emitter.on(name, listener)
    return () => void emitter.off(name, listener)
  }
  const stopping = new AbortController()
  // Every page that is open listens.
  setMaxListeners(0, stopping.signal)
  return {
    stop: () => stopping.abort(),
    stopping: stopping.signal,
    wake: (sweep) => void emitter.emit('wake', sweep),
    onWake: (listener) => listen('wake', listener),
    changed: (id) => void emitter.emit(`changed ${id}`),
    onChange: (id, listener) => listen(`changed ${id}`, listener),
  }
}
