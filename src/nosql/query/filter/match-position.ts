/** Which array element a filter matched: what the positional `$` of updates and projections stands for. */

import type { FieldNode, FilterNode } from '../filter-node.ts'
import { someAtPath } from '../path.ts'
import { type Document, isArray, type Value } from '../value.ts'
import { compileFieldTest, compileFilter } from './compile-filter.ts'

type Positions = (document: Document, record: (index: number) => void) => boolean

/**
 * Compiles a filter to a function that gives the index, in the outermost array on the path, of the element that made
 * the document match; undefined when no array did, or the document does not match. With conditions on several arrays
 * the last one counts.
 *
 * @see https://www.mongodb.com/docs/manual/reference/operator/update/positional/
 */
export function compileMatchPosition(filter: FilterNode): (document: Document) => number | undefined {
  const positions = compile(filter)
  return (document) => {
    let position: number | undefined
    const matches = positions(document, (index) => {
      position = index
    })
    return matches ? position : undefined
  }
}

function compile(node: FilterNode): Positions {
  switch (node.kind) {
    case 'and': {
      const nodes = node.nodes.map(compile)
      return (document, record) => nodes.every((positions) => positions(document, record))
    }
    case 'or': {
      const nodes = node.nodes.map(compile)
      return (document, record) => nodes.some((positions) => positions(document, record))
    }
    case 'field':
      return compileField(node)
    case 'nor':
    case 'not':
    case 'expression':
    case 'constant':
    default:
      return compileFilter(node)
  }
}

function compileField(node: FieldNode): Positions {
  const { parts, test } = node
  if (test.kind === 'size') return compileFilter(node)
  const holds = compileFieldTest(test)
  if (test.kind === 'elemMatchObject' || test.kind === 'elemMatchValue') {
    return (document, record) => {
      const inArray = (value: Value | undefined, outer: number | undefined): boolean => {
        const index = isArray(value) ? value.findIndex((element) => holds([element])) : -1
        if (index >= 0) record(outer ?? index)
        return index >= 0
      }
      return someAtPath(document, parts, inArray, 'keep')
    }
  }
  return (document, record) => {
    const atEnd = (value: Value | undefined, outer: number | undefined): boolean => {
      const found = holds(value)
      if (found && outer !== undefined) record(outer)
      return found
    }
    return someAtPath(document, parts, atEnd, 'traverse')
  }
}
