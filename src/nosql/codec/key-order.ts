import { compareText } from '../../core/compare-text.ts'

/** The names of an object's fields in the order that needs no note: that of their bytes in UTF-8. */
export function sortedKeys(fields: object): readonly string[] {
  const keys = Object.keys(fields)
  return isSorted(keys) ? keys : keys.toSorted(compareText)
}

export function isSorted(keys: readonly string[]): boolean {
  for (let at = 1; at < keys.length; at++) if (compareText(keys[at - 1] ?? '', keys[at] ?? '') > 0) return false
  return true
}
