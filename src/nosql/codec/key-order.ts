/** The names of an object's fields in the order that needs no note: that of their bytes in UTF-8. */
export function sortedKeys(fields: object): readonly string[] {
  const keys = Object.keys(fields)
  return isSorted(keys) ? keys : keys.toSorted(byCodePoint)
}

export function isSorted(keys: readonly string[]): boolean {
  for (let at = 1; at < keys.length; at++) if (byCodePoint(keys[at - 1] ?? '', keys[at] ?? '') > 0) return false
  return true
}

function byCodePoint(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index++) {
    const left = a.charCodeAt(index)
    const right = b.charCodeAt(index)
    if (left === right) continue
    // A half of a pair stands for a code point above all those that need no pair.
    if (isSurrogate(left) !== isSurrogate(right)) return isSurrogate(left) ? 1 : -1
    return left - right
  }
  return a.length - b.length
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff
}
