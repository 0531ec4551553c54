import type { Needs } from '../../contract/query.ts'
import { projectedPaths } from '../../plan/needs.ts'
import { copyGiven } from '../../query/copy-given.ts'
import { compileProjection } from '../../query/projection/compile-projection.ts'
import { parseProjection } from '../../query/projection/parse-projection.ts'
import type { Document } from '../../query/value.ts'
import { type CollectionScope, hasVendorValues } from '../collection-scope.ts'
import type { GivenFindOptions } from '../checks/operation-options.ts'
import type { Filter } from '../types/filter.ts'
import { type ParsedQuery, variablesOf } from './parsed-query.ts'

/** A parsed projection. */
export interface Projector {
  /** What a document becomes on its way out; undefined without a projection. */
  readonly project: ((document: Document) => Document) | undefined
  /** What has to be read of it. */
  readonly needs: Needs
  /** Whether it has expressions. */
  readonly isComputed: boolean
}

/** @throws NoSQLFilterError for a malformed projection */
export function projector(
  scope: CollectionScope,
  { filter, meter }: Pick<ParsedQuery, 'filter' | 'meter'>,
  options: Pick<GivenFindOptions, 'projection' | 'let'>,
): Projector {
  if (options.projection === undefined) return { project: undefined, needs: 'whole', isComputed: false }
  const { expressions } = scope.session.store
  let isComputed = false
  const engine = expressions && {
    ...expressions,
    expression: (...given: Parameters<typeof expressions.expression>) => {
      isComputed = true
      return expressions.expression(...given)
    },
  }
  const variables = variablesOf(scope, { ...options, meter })
  const projection = parseProjection(options.projection, {
    filter,
    engine,
    variables,
    meter,
    vendorValues: hasVendorValues(scope),
  })
  const project = compileProjection(projection, meter)
  return {
    project: (document) => project(document),
    needs: projection === undefined ? 'whole' : projectedPaths(projection),
    isComputed,
  }
}

/** The query with a projection. What is parsed is what is sent. @throws NoSQLFilterError for a malformed projection */
export function projectedQuery(
  scope: CollectionScope,
  query: ParsedQuery,
  options: Pick<GivenFindOptions, 'projection' | 'let'>,
): ParsedQuery {
  const { source } = query
  const given = source === undefined ? options.projection : copyGiven(options.projection)
  const projection = given as Filter | undefined // the parser says what it must be
  return {
    ...query,
    ...projector(scope, query, { ...options, projection }),
    source: source && { ...source, projection },
  }
}
