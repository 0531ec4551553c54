import { compileProjection } from '../query/projection/compile-projection.ts'
import { parseProjection } from '../query/projection/parse-projection.ts'
import type { Document } from '../query/value.ts'
import type { CollectionScope } from './collection-scope.ts'
import type { FindOptions } from './checks/operation-options.ts'
import { variablesOf } from './question.ts'
import type { ParsedQuery } from './read.ts'

/** What a document becomes on its way out; undefined without a projection. @throws {NoSQLFilterError} for a malformed projection. */
export function projector(
  scope: CollectionScope,
  { filter, meter }: Pick<ParsedQuery, 'filter' | 'meter'>,
  options: Pick<FindOptions, 'projection' | 'let'>,
): ((document: Document) => Document) | undefined {
  if (options.projection === undefined) return undefined
  const { aggregation: engine } = scope.session.store.backend
  const variables = variablesOf(scope, { ...options, meter })
  const projection = parseProjection(options.projection, { filter, engine, variables, meter })
  const project = compileProjection(projection, meter)
  return (document) => project(document)
}
