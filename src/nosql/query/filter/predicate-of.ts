import type { FilterNode } from '../filter-node.ts'
import type { Meter } from '../meter.ts'
import type { Document } from '../value.ts'
import { compileFilter } from './compile-filter.ts'

/** The predicate of a filter, compiled where it is first asked: a backend that has filters itself never asks. */
export function predicateOf(node: FilterNode, meter: Meter | undefined): (document: Document) => boolean {
  let predicate: ((document: Document) => boolean) | undefined
  return (document) => (predicate ??= compileFilter(node, meter))(document)
}
