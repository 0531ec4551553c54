/** From a filter's tree to one predicate made of closures. */

import type { FieldNode, FieldTest, FilterNode } from '../filter-node.ts'
import { type LeafArrays, someAtPath } from '../path.ts'
import { type Document, getField, isArray } from '../value.ts'
import { compileTest, type TestValue } from './compile-test.ts'

export type Predicate = (document: Document) => boolean

/**
 * Compiles a parsed filter. The predicate is pure; it throws only where an expression of `$expr` does, or
 * BudgetExceededError for a text that is too long for its regular expression.
 */
export function compileFilter(node: FilterNode): Predicate {
  switch (node.kind) {
    case 'and':
      return conjunction(node.nodes.map(compileFilter))
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

function negation(predicate: Predicate): Predicate {
  return (document) => !predicate(document)
}

function conjunction(predicates: readonly Predicate[]): Predicate {
  const [first, second, third] = predicates
  if (first === undefined) return () => true
  if (second === undefined) return first
  if (third === undefined) return (document) => first(document) && second(document)
  if (predicates.length === 3) return (document) => first(document) && second(document) && third(document)
  return (document) => {
    for (const predicate of predicates) if (!predicate(document)) return false
    return true
  }
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
  const test = compileFieldTest(fieldTest)
  const leaf = leafOf(fieldTest.kind)
  const [name, inner] = parts
  if (name === undefined || inner !== undefined) return (document) => someAtPath(document, parts, test, leaf)
  return compileOneField(name, test, leaf)
}

function leafOf(kind: FieldNode['test']['kind']): LeafArrays {
  return kind === 'size' || kind === 'elemMatchObject' || kind === 'elemMatchValue' ? 'keep' : 'traverse'
}

function compileOneField(name: string, test: TestValue, leaf: LeafArrays): Predicate {
  const inherited = name in Object.prototype
  return (document) => {
    const value = inherited ? getField(document, name) : document[name]
    if (leaf === 'keep' || typeof value !== 'object' || !isArray(value)) return test(value)
    for (const element of value) if (test(element)) return true
    return test(value)
  }
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
