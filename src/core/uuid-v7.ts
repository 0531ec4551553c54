/** Milliseconds since 1970, as `Date.now` returns them. */
export type Clock = () => number

/** Fills the array with random bytes and returns it, as `crypto.getRandomValues` does. */
export type RandomBytes = (bytes: Uint8Array<ArrayBuffer>) => Uint8Array

/**
 * UUIDs that sort in the order they were made: within one millisecond a counter takes the place of 12 random bits
 * (https://www.rfc-editor.org/rfc/rfc9562#name-monotonicity-and-counters, method 1).
 */
export function uuidV7Generator(clock: Clock, random: RandomBytes): () => string {
  let last = -1
  let counter = 0
  return () => {
    const bytes = new Uint8Array(16)
    random(bytes)
    const now = clock()
    if (now > last) {
      last = now
      counter = ((bytes[6] ?? 0) & 0x07) * 256 + (bytes[7] ?? 0)
    } else if (++counter > 0xfff) {
      last += 1
      counter = 0
    }
    const hex = last.toString(16).padStart(12, '0') + (0x7000 + counter).toString(16)
    let tail = (((bytes[8] ?? 0) & 0x3f) | 0x80).toString(16)
    for (let i = 9; i < 16; i++) tail += (bytes[i] ?? 0).toString(16).padStart(2, '0')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12)}-${tail.slice(0, 4)}-${tail.slice(4)}`
  }
}
