type Memory<Key, Value> = { get(key: Key): Value | undefined; set(key: Key, value: Value): unknown }

/** What a memory has under a key; what is made now, and kept there, where it has nothing. */
export function known<Key, Value>(memory: Memory<Key, Value>, key: Key, make: () => Value): Value {
  let value = memory.get(key)
  if (value === undefined) memory.set(key, (value = make()))
  return value
}
