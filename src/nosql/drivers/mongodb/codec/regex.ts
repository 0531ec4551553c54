import { isDocument } from '../../../query/value.ts'
import { vendorRegex } from '../transport/vendor.ts'

/**
 * The same with regular expressions as the server has them: the vendor's codec leaves out the flag `s`, which changes what
 * matches. Most conditions have none and stay the object that they are.
 */
export function withRegexFlags<T>(part: T): T {
  return replaced(part) as T // the same, but for expressions
}

function replaced(part: unknown): unknown {
  if (typeof part !== 'object' || part === null) return part
  if (part instanceof RegExp) return part.dotAll ? vendorRegex(part) : part
  if (Array.isArray(part)) return replacedElements(part)
  return isDocument(part) ? replacedFields(part) : part
}

function replacedElements(list: readonly unknown[]): readonly unknown[] {
  let copy: unknown[] | undefined
  for (let index = 0; index < list.length; index++) {
    const element = list[index]
    const next = replaced(element)
    if (next !== element) (copy ??= [...list])[index] = next
  }
  return copy ?? list
}

function replacedFields(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  let isSame = true
  const entries = Object.entries(fields).map(([name, inner]) => {
    const next = replaced(inner)
    if (next !== inner) isSame = false
    return [name, next] as const
  })
  return isSame ? fields : Object.fromEntries(entries)
}
