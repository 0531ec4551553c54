/** From a filter's tree to one predicate made of closures. */

import type { FieldNode, FieldTest, FilterNode } from '../filter-node.ts'
import { compileSomeAtPath, type LeafArrays } from '../path.ts'
import type { Document } from '../value.ts'
import { compileTest, type TestValue } from './compile-test.ts'
import { quickField } from './quick-field.ts'

export type Predicate = (document: Document) => boolean

/**
 * Compiles a parsed filter. The predicate is pure; it throws only where an expression of `$expr` does, or
 * BudgetExceededError for a text that is too long for its regular expression.
 */
export function compileFilter(node: FilterNode): Predicate {
  switch (node.kind) {
    case 'and':
      return conjunction(flatten(node.nodes).map(compileFilter))
    case 'or':
      return disjunction(node.nodes.map(compileFilter))
    case 'nor':
      return negation(disjunction(node.nodes.map(compileFilter)))
    case 'not':
      return negation(compileFilter(node.node))
    case 'field':
      return compileField(node)
    case 'expression':
      return node.holds
    case 'constant':
    default:
      return () => node.value
  }
}

function flatten(nodes: readonly FilterNode[]): readonly FilterNode[] {
  return nodes.flatMap((node) => (node.kind === 'and' ? flatten(node.nodes) : [node]))
}

function negation(predicate: Predicate): Predicate {
  return (document) => !predicate(document)
}

/** Beyond this, closures of closures cost more than a loop. */
const LONG = 12

function conjunction(predicates: readonly Predicate[]): Predicate {
  const [first, second, third] = predicates
  if (first === undefined) return () => true
  if (second === undefined) return first
  if (third === undefined) return (document) => first(document) && second(document)
  if (predicates.length === 3) return (document) => first(document) && second(document) && third(document)
  if (predicates.length > LONG) return (document) => predicates.every((predicate) => predicate(document))
  const rest = conjunction(predicates.slice(3))
  return (document) => first(document) && second(document) && third(document) && rest(document)
}

function disjunction(predicates: readonly Predicate[]): Predicate {
  const [first, second, third] = predicates
  if (first === undefined) return () => false
  if (second === undefined) return first
  if (third === undefined) return (document) => first(document) || second(document)
  return (document) => {
    for (const predicate of predicates) if (predicate(document)) return true
    return false
  }
}

/** Compiles the test of a field for single values. */
export function compileFieldTest(test: FieldTest): TestValue {
  return compileTest(test, compileFilter, compileElementFilter)
}

function compileField({ parts, test: fieldTest }: FieldNode): Predicate {
  const [name, inner] = parts
  const quick = name === undefined || inner !== undefined ? undefined : quickField(name, fieldTest)
  return quick ?? compileSomeAtPath(parts, compileFieldTest(fieldTest), leafOf(fieldTest.kind))
}

function leafOf(kind: FieldTest['kind']): LeafArrays {
  return kind === 'size' || kind === 'elemMatchObject' || kind === 'elemMatchValue' ? 'keep' : 'traverse'
}

/** A filter of `$elemMatch` over values: its tests are of the element itself. */
function compileElementFilter(node: FilterNode): TestValue {
  switch (node.kind) {
    case 'and': {
      const tests = node.nodes.map(compileElementFilter)
      return (value) => tests.every((test) => test(value))
    }
    case 'or': {
      const tests = node.nodes.map(compileElementFilter)
      return (value) => tests.some((test) => test(value))
    }
    case 'nor': {
      const tests = node.nodes.map(compileElementFilter)
      return (value) => !tests.some((test) => test(value))
    }
    case 'not': {
      const test = compileElementFilter(node.node)
      return (value) => !test(value)
    }
    case 'field':
      return compileFieldTest(node.test)
    case 'expression':
    case 'constant':
    default: {
      const holds = node.kind === 'constant' && node.value
      return () => holds
    }
  }
}
