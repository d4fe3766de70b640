import { EventEmitter } from 'node:events'

/** What the parts of one node tell each other. Everything is correct without it: a sweep or a reload finds out by itself. */
export type Signals = {
  /** There is due work of this kind: its sweep need not wait for its next turn. */
  wake(sweep: string): void
  onWake(listener: (sweep: string) => void): () => void
  /** The object with this id is not what it was. */
  changed(id: string): void
  onChange(id: string, listener: () => void): () => void
}

export function createSignals(): Signals {
  const emitter = new EventEmitter().setMaxListeners(0)
  const listen = (name: string, listener: (value: string) => void) => {
    emitter.on(name, listener)
    return () => void emitter.off(name, listener)
  }
  return {
    wake: (sweep) => void emitter.emit('wake', sweep),
    onWake: (listener) => listen('wake', listener),
    changed: (id) => void emitter.emit(`changed ${id}`),
    onChange: (id, listener) => listen(`changed ${id}`, listener),
  }
}
