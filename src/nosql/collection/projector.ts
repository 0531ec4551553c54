import { compileProjection } from '../query/projection/compile-projection.ts'
import { parseProjection } from '../query/projection/parse-projection.ts'
import type { FilterNode } from '../query/filter-node.ts'
import type { Document } from '../query/value.ts'
import type { CollectionScope } from './collection-scope.ts'
import type { FindOptions } from './checks/operation-options.ts'
import { expressionsOf } from './server-expressions.ts'
import { variablesOf } from './question.ts'

/** What a document becomes on its way out; undefined without a projection. @throws {NoSQLFilterError} for a malformed projection. */
export function projector(
  scope: CollectionScope,
  filter: FilterNode,
  options: Pick<FindOptions, 'projection' | 'let'>,
): ((document: Document) => Document) | undefined {
  if (options.projection === undefined) return undefined
  const engine = expressionsOf(scope.session.store.backend)
  const variables = variablesOf(scope, options)
  const project = compileProjection(parseProjection(options.projection, { filter, engine, variables }))
  return (document) => project(document)
}
