import { UnsupportedOperationError } from '../errors.ts'
import type { Document } from '../query/value.ts'
import type { CollectionScope } from './collection-scope.ts'
import type { OperationOptions } from './operation-options.ts'
import type { Filter } from './question.ts'

export function projector(
  _scope: CollectionScope,
  options: OperationOptions & { readonly projection?: Filter | undefined },
  _filter: Filter,
): (document: Document) => Document {
  if (options.projection !== undefined) throw new UnsupportedOperationError('Projections are not there yet.')
  return (document) => document
}
