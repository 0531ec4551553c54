/** Paths of updates: field names, array indices, and the positional `$`, `$[]` and `$[name]`. */

import { NoSQLFilterError } from '../../errors.ts'
import { badValue } from '../refusal.ts'
import { assertFieldName } from '../storable.ts'
import type { UpdateNode } from './update-node.ts'

/** The value at the end of the path is that deep in the document. */
const maxParts = 32

export interface UpdatePath {
  readonly parts: readonly string[]
  /** Names of the array filters it needs. */
  readonly filters: readonly string[]
  readonly positional: boolean
}

/** @throws NoSQLFilterError (BadValue, EmptyFieldName, DollarPrefixedFieldName), DocumentValidationError for other names */
export function parseUpdatePath(path: string, at: string): UpdatePath {
  const parts = path.split('.')
  if (parts.length > maxParts) throw refuse('Overflow', `a path must have at most ${maxParts} parts`, at)
  const filters: string[] = []
  for (const [index, part] of parts.entries()) {
    if (part === '') throw refuse('EmptyFieldName', 'a path must not have an empty part', at)
    if (isPositional(part)) {
      if (index === 0) throw badValue('a path must not begin with a positional operator', at)
      if (part !== '$' && part !== '$[]') filters.push(filterName(part, at))
    } else if (part.startsWith('$')) throw dollarInPath(at)
    else assertFieldName(part, at)
  }
  const matched = parts.filter((part) => part === '$').length
  if (matched > 1) throw badValue('a path must have at most one positional $', at)
  return { parts, filters, positional: matched === 1 }
}

export function isPositional(part: string): boolean {
  return part === '$' || (part.startsWith('$[') && part.endsWith(']'))
}

/** A tree of one path with one leaf. */
export function nodeAt(parts: readonly string[], leaf: UpdateNode): UpdateNode {
  return parts.reduceRight<UpdateNode>((node, part) => {
    if (part === '$') return { kind: 'fields', fields: new Map(), matched: node }
    if (isPositional(part)) return { kind: 'elements', filters: new Map([[part.slice(2, -1), node]]) }
    return { kind: 'fields', fields: new Map([[part, node]]), matched: undefined }
  }, leaf)
}

function filterName(part: string, at: string): string {
  const name = part.slice(2, -1)
  if (!isFilterName(name))
    throw badValue('the name of an array filter must be a lower-case letter followed by letters or digits', at)
  return name
}

export function isFilterName(name: string): boolean {
  return /^[a-z][a-zA-Z0-9]*$/.test(name)
}

function dollarInPath(path: string): NoSQLFilterError {
  return new NoSQLFilterError('a part of a path must not start with a dollar', {
    reason: 'DollarPrefixedFieldName',
    path,
    hint: 'Use a pipeline with $setField for a field that has such a name.',
  })
}

function refuse(reason: string, message: string, path: string): NoSQLFilterError {
  return new NoSQLFilterError(message, { reason, path })
}
