import { NoSQLFilterError } from '../errors.ts'
import { compileMatchPosition } from '../query/filter/match-position.ts'
import { applyUpdate, upsertDocument } from '../query/update/apply-update.ts'
import { parseUpdate, type UpdateTree } from '../query/update/parse-update.ts'
import type { Document } from '../query/value.ts'
import type { CollectionScope } from './collection-scope.ts'
import type { OperationOptions } from './checks/operation-options.ts'
import type { MeteredOptions } from './operation-meter.ts'
import { variablesOf } from './question.ts'
import type { ParsedQuery } from './read.ts'
import { checked, withId } from './checks/to-stored.ts'
import type { Update, UpdateManyOptions } from './write-options.ts'

export type ChangeSource =
  | { readonly update: Update; readonly arrayFilters: UpdateManyOptions['arrayFilters'] }
  | { readonly replacement: unknown }

export interface Change {
  /** The document itself when nothing changes. */
  readonly apply: (document: Document) => Document
  readonly insert: () => Document
  readonly tree: UpdateTree
}

interface ChangeRequest {
  readonly source: ChangeSource
  readonly reading: ParsedQuery
  readonly options: OperationOptions
  readonly now: Date
}

/** An update or a replacement, parsed: what it makes of a document that is there, and what an upsert inserts. */
export function changeOf(scope: CollectionScope, { source, reading, options, now }: ChangeRequest): Change {
  const { meter } = reading
  const metered = { ...options, meter }
  const tree = 'replacement' in source ? replacement(source.replacement) : update(scope, source, metered)
  const position =
    tree.kind === 'operators' && tree.positional ? compileMatchPosition(reading.filter, reading.meter) : undefined
  let inserted: Document | undefined
  return {
    tree,
    apply(document) {
      const updated = applyUpdate(tree, document, { now, meter, position: position?.(document) })
      return updated.modified ? checked(scope, updated.document) : document
    },
    insert: () => (inserted ??= checked(scope, withId(scope, upsertDocument(tree, reading.filter, { now, meter })))),
  }
}

function update(
  scope: CollectionScope,
  source: Extract<ChangeSource, { readonly update: unknown }>,
  options: MeteredOptions,
): UpdateTree {
  const { aggregation: engine } = scope.session.store.backend
  const tree = parseUpdate(source.update, {
    arrayFilters: source.arrayFilters,
    engine,
    meter: options.meter,
    variables: variablesOf(scope, options),
  })
  if (tree.kind !== 'replacement') return tree
  throw new NoSQLFilterError('An update needs operators, such as $set.', {
    reason: 'FailedToParse',
    path: '',
    hint: 'Use replaceOne to put another document in its place.',
  })
}

function replacement(document: unknown): UpdateTree {
  const tree = Array.isArray(document) ? undefined : parseUpdate(document)
  if (tree?.kind === 'replacement') return tree
  throw new NoSQLFilterError('A replacement is a document without operators.', {
    reason: 'FailedToParse',
    path: '',
    hint: 'Use updateOne for operators.',
  })
}
