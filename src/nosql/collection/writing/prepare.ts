import { isReadablePlainObject, kindOf, wrapReadErrors } from '../../../core/plain-object.ts'
import type { Insert } from '../../contract/write.ts'
import { NoSQLFilterError } from '../../errors.ts'
import { copyGiven } from '../../query/copy-given.ts'
import { compileMatchPosition } from '../../query/filter/match-position.ts'
import { applyUpdate } from '../../query/update/apply-update.ts'
import { upsertDocument, upsertSeed } from '../../query/update/upsert-document.ts'
import { parseUpdate, type UpdateTree } from '../../query/update/parse-update.ts'
import { cannotRead } from '../../query/refusal.ts'
import type { Document } from '../../query/value.ts'
import {
  type CollectionScope,
  type ConfinedWrites,
  confineDocument,
  hasVendorValues,
  unconfined,
} from '../collection-scope.ts'
import type { OperationOptions } from '../checks/operation-options.ts'
import type { MeteredOptions } from '../spending.ts'
import { type ParsedQuery, variablesOf, parseQuery } from '../reading/parsed-query.ts'
import { checked, toInsert } from '../checks/to-stored.ts'
import type { UpdateManyOptions, GivenWriteOptions } from '../write-options.ts'
import type { Modification } from './modification.ts'

/**
 * What is written back must be read whole; what is only deleted need not be read, unless the backend knows it again by all
 * of it: one that evaluates by itself keeps no revision.
 */
function isItsRevision({ session }: CollectionScope): boolean {
  return session.store.backend.capabilities.evaluates === 'server'
}

type ChangeSource =
  | { readonly update: unknown; readonly arrayFilters: UpdateManyOptions['arrayFilters'] }
  | { readonly replacement: unknown }

export interface WriteRequest {
  readonly filter: unknown
  /** Null for a deletion. */
  readonly source: ChangeSource | null
  readonly multi: boolean
  /** With the meter of the operation that it is a part of, if it is. */
  readonly options: GivenWriteOptions & MeteredOptions
  /** The document itself is wanted, as it was or as it is after. */
  readonly returns?: 'before' | 'after' | undefined
}

/** Parses and checks a write, so that nothing has been sent when something is wrong with it. */
export function prepare(scope: CollectionScope, request: WriteRequest): Modification {
  const { filter, source, multi, options, returns } = request
  const needs = source === null && returns === undefined && !isItsRevision(scope) ? 'keys' : 'whole'
  const query = parseQuery(scope, filter, { ...options, projection: undefined, limit: multi ? Infinity : 1, needs })
  const now = new Date(scope.session.store.clock())
  const upsert = source !== null && options.upsert === true
  const command = { kind: 'modify', query, multi, upsert, returns, now } as const
  if (source === null) return { ...command, change: null, apply: () => null }
  const { tree, apply, insert, seed } = changeOf(scope, { source, reading: query, options, now })
  return { ...command, change: tree, apply, insert: upsert ? insert : undefined, seed: upsert ? seed : undefined }
}

interface Change {
  /** The document itself when nothing changes. */
  readonly apply: (document: Document) => Document
  readonly insert: () => Insert
  /** What an upsert by a pipeline starts from; undefined for other updates. */
  readonly seed: (() => Insert) | undefined
  readonly tree: UpdateTree
}

interface ChangeRequest {
  readonly source: ChangeSource
  readonly reading: ParsedQuery
  readonly options: OperationOptions
  readonly now: Date
}

/** An update or a replacement, parsed: what it makes of a document that is there, and what an upsert inserts. */
function changeOf(scope: CollectionScope, { source, reading, options, now }: ChangeRequest): Change {
  const { filter, meter } = reading
  const tree =
    'replacement' in source ? replacement(scope, source.replacement) : update(scope, source, { ...options, meter })
  const position = tree.kind === 'operators' && tree.positional ? compileMatchPosition(filter, meter) : undefined
  let inserted: Insert | undefined
  let seeded: Insert | undefined
  return {
    tree,
    apply(document) {
      const updated = applyUpdate(tree, document, { now, meter, position: position?.(document) })
      return updated.modified ? checked(scope, updated.document) : document
    },
    insert: () => (inserted ??= toInsert(unconfined(scope), upsertDocument(tree, filter, { now, meter }))),
    seed: tree.kind === 'pipeline' ? () => (seeded ??= toInsert(unconfined(scope), upsertSeed(filter))) : undefined,
  }
}

function update(
  scope: CollectionScope,
  source: Extract<ChangeSource, { readonly update: unknown }>,
  options: MeteredOptions,
): UpdateTree {
  const engine = scope.session.store.expressions
  const writes = scope.confinement?.writes
  const tree = parseUpdate(writes === undefined ? source.update : confinedUpdate(writes, source.update), {
    arrayFilters: source.arrayFilters,
    engine,
    meter: options.meter,
    vendorValues: hasVendorValues(scope),
    variables: variablesOf(scope, options),
  })
  if (tree.kind !== 'replacement') return tree
  throw new NoSQLFilterError('an update must have operators, such as $set', {
    reason: 'FailedToParse',
    path: '',
    hint: 'Use replaceOne to replace the document.',
  })
}

function confinedUpdate(writes: ConfinedWrites, given: unknown): unknown {
  // What is checked is what is parsed then, whatever a getter says the next time.
  const update = copyGiven(given)
  return wrapReadErrors(
    () => writes.update(update),
    (cause) => cannotRead(cause, 'an update', ''),
  )
}

function replacement(scope: CollectionScope, given: unknown): UpdateTree {
  const document = confineDocument(scope, given)
  const options = { vendorValues: hasVendorValues(scope) }
  const tree = isReadablePlainObject(document) ? parseUpdate(document, options) : undefined
  if (tree?.kind === 'replacement') return tree
  const expected = tree === undefined ? `be a plain object, not ${kindOf(document)}` : 'have no operators'
  throw new NoSQLFilterError(`a replacement must ${expected}`, {
    reason: 'FailedToParse',
    path: '',
    hint: tree === undefined ? undefined : 'Use updateOne for operators.',
  })
}
