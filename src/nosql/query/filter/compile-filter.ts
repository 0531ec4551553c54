/** From a filter's tree to one predicate made of closures. */

import type { FieldNode, FieldTest, FilterNode } from '../filter-node.ts'
import type { Meter } from '../meter.ts'
import { compileSomeAtPath, type LeafArrays } from '../path.ts'
import type { Document } from '../value.ts'
import { compileTest, type TestCompiler } from './compile-test.ts'
import type { TestValue } from './test-value.ts'
import { quickField } from './quick-field.ts'

export type Predicate = (document: Document) => boolean

/**
 * Compiles a parsed filter. The predicate is pure; it throws only where an expression of `$expr` does, or
 * BudgetExceededError where the meter has not enough left.
 *
 * @param meter pays for arrays, patterns, and filters of many conditions; those of few are too cheap to be counted
 */
export function compileFilter(node: FilterNode, meter?: Meter): Predicate {
  const predicate = createCompiler(meter).filter(node)
  const conditions = meter === undefined ? 0 : countConditions(node)
  if (meter === undefined || conditions <= FEW) return predicate
  return (document) => {
    meter.work(conditions)
    return predicate(document)
  }
}

/** Compiles the test of a field for single values. */
export function compileFieldTest(test: FieldTest, meter?: Meter): TestValue {
  return compileTest(test, createCompiler(meter))
}

/** This number of conditions costs less than reading a document. */
const FEW = 8

/** How many single questions a filter asks of a document. */
function countConditions(node: FilterNode): number {
  switch (node.kind) {
    case 'and':
    case 'or':
    case 'nor':
      return node.nodes.reduce((sum, inner) => sum + countConditions(inner), 0)
    case 'not':
      return countConditions(node.node)
    case 'field':
    case 'expression':
    case 'constant':
    default:
      return 1
  }
}

function createCompiler(meter: Meter | undefined): TestCompiler {
  const filter = (node: FilterNode): Predicate => {
    switch (node.kind) {
      case 'and':
        return conjunction(flatten(node.nodes).map(filter))
      case 'or':
        return disjunction(node.nodes.map(filter))
      case 'nor':
        return negation(disjunction(node.nodes.map(filter)))
      case 'not':
        return negation(filter(node.node))
      case 'field':
        return compileField(node, compiler)
      case 'expression':
        return node.holds
      case 'constant':
      default:
        return () => node.value
    }
  }

  /** A filter of `$elemMatch` over values: its tests are of the element itself. */
  const elementFilter = (node: FilterNode): TestValue => {
    switch (node.kind) {
      case 'and': {
        const tests = node.nodes.map(elementFilter)
        return (value) => tests.every((test) => test(value))
      }
      case 'or': {
        const tests = node.nodes.map(elementFilter)
        return (value) => tests.some((test) => test(value))
      }
      case 'nor':
        return negation(elementFilter({ kind: 'or', nodes: node.nodes }))
      case 'not':
        return negation(elementFilter(node.node))
      case 'field':
        return compileTest(node.test, compiler)
      case 'expression':
      case 'constant':
      default: {
        const holds = node.kind === 'constant' && node.value
        return () => holds
      }
    }
  }

  const compiler: TestCompiler = { filter, elementFilter, countConditions, meter }
  return compiler
}

function compileField({ parts, test }: FieldNode, compiler: TestCompiler): Predicate {
  const { meter } = compiler
  const [name, inner] = parts
  const quick = name === undefined || inner !== undefined ? undefined : quickField(name, test, meter)
  return quick ?? compileSomeAtPath(parts, { test: compileTest(test, compiler), leaf: leafOf(test.kind), meter })
}

function flatten(nodes: readonly FilterNode[]): readonly FilterNode[] {
  return nodes.flatMap((node) => (node.kind === 'and' ? flatten(node.nodes) : [node]))
}

function negation<T>(test: (value: T) => boolean): (value: T) => boolean {
  return (value) => !test(value)
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

function leafOf(kind: FieldTest['kind']): LeafArrays {
  return kind === 'size' || kind === 'elemMatchObject' || kind === 'elemMatchValue' ? 'keep' : 'traverse'
}
