/** `$rename` */

import { identicalValues } from '../compare.ts'
import { isObject } from '../path.ts'
import { badValue } from '../refusal.ts'
import { invalid, toMovedValue } from '../storable.ts'
import { type Document, getField, isArray, type Value } from '../value.ts'
import type { UpdateNode } from './update-node.ts'
import { isPositional, nodeAt, parseUpdatePath } from './update-path.ts'

/** Two trees, for what is taken away and for what is set: both paths count as changed, so that conflicts are found. */
export function parseRename(from: readonly string[], target: unknown, at: string): readonly UpdateNode[] {
  if (typeof target !== 'string') throw badValue('the new path of $rename must be a string', at)
  const to = parseUpdatePath(target, at).parts
  if (from.some(isPositional) || to.some(isPositional))
    throw badValue('the paths of $rename must not have positional operators', at)
  if (from.every((part, index) => to[index] === part) || to.every((part, index) => from[index] === part)) {
    throw badValue('the two paths of $rename must not contain each other', at)
  }
  return [
    nodeAt(from, {
      kind: 'leaf',
      apply: (current, { original }) => (locate(original, from) === undefined ? current : undefined),
    }),
    nodeAt(to, {
      kind: 'leaf',
      apply: (current, context) => {
        const { original } = context
        const value = locate(original, from)
        if (value === undefined) return current
        assertOutsideArrays(original, to, 'the target of $rename cannot be in an array')
        // The value may come to be deeper than a document may be.
        return identicalValues(value, current) ? current : toMovedValue(value, context.at, to.length + 1)
      },
    }),
  ]
}

/** The value to be moved, or undefined when there is none. */
function locate(document: Document, parts: readonly string[]): Value | undefined {
  let current: Value = document
  for (const [index, part] of parts.entries()) {
    if (isArray(current)) {
      assertOutsideArrays(document, parts, 'the source of $rename cannot be in an array')
      return undefined
    }
    if (!isObject(current)) {
      const at = parts.slice(0, index + 1).join('.')
      throw invalid('PathNotViable', 'a field cannot be renamed: its parent is not an object', at)
    }
    const next = getField(current, part)
    if (next === undefined) return undefined
    current = next
  }
  return current
}

function assertOutsideArrays(document: Document, parts: readonly string[], message: string): void {
  let current: Value | undefined = document
  for (const part of parts.slice(0, -1)) {
    current = isObject(current) ? getField(current, part) : undefined
    if (isArray(current)) throw invalid('BadValue', message, parts.join('.'))
  }
}
