import { setField } from '../../../core/plain-object.ts'
/** The positional `$` in the projection of a `find`: the element that the filter matched. */

import { compileMatchPosition } from '../filter/match-position.ts'
import type { FilterNode } from '../filter-node.ts'
import type { Meter } from '../meter.ts'
import { isObject } from '../path.ts'
import { type Document, getField, isArray, type Value } from '../value.ts'
import { refuse } from './rules.ts'

/** Leaves one element in the first array on the path; where there is no array the document stays as it is. */
export function parsePositional(
  parts: readonly string[],
  { filter, meter }: { readonly filter?: FilterNode | undefined; readonly meter?: Meter | undefined },
): (document: Document) => Document {
  const positionOf = compileMatchPosition(filter ?? { kind: 'and', nodes: [] }, meter)
  const narrow = (value: Value, next: number, document: Document): Value => {
    if (isArray(value)) {
      const element = value[positionOf(document) ?? -1]
      if (element === undefined)
        throw refuse(
          'BadValue',
          'the positional $ cannot be resolved: the filter matched no element of this array',
          parts.join('.'),
        )
      return [element]
    }
    const name = parts[next]
    const inner = name !== undefined && isObject(value) ? getField(value, name) : undefined
    if (name === undefined || inner === undefined) return value
    const narrowed = narrow(inner, next + 1, document)
    if (narrowed === inner) return value
    const copy: Record<string, Value> = { ...(value as Document) } // `inner` is a field of it
    setField(copy, name, narrowed)
    return copy
  }
  return (document) => narrow(document, 0, document) as Document // an object stays one
}
