/** Applies a parsed update to a document, or makes the document of an upsert. */

import { identicalValues } from '../compare.ts'
import type { FilterNode } from '../filter-node.ts'
import type { Meter } from '../meter.ts'
import { assertSameId, withId } from '../kept-id.ts'
import { toStorable } from '../storable.ts'
import type { Document } from '../value.ts'
import { applyNode } from './apply-node.ts'
import type { UpdateTree } from './parse-update.ts'
import { idSeed, upsertSeed } from './upsert-seed.ts'

export interface ApplyOptions {
  /** The time that `$currentDate` and `$$NOW` mean. */
  readonly now: Date
  /** Index of the array element that the filter matched, for `$`: see `compileMatchPosition`. */
  readonly position?: number | undefined
  /** Pays for what is changed. @default not counted */
  readonly meter?: Meter | undefined
}

export interface Updated {
  readonly document: Document
  /** False when the document is as it was; `document` is then the one given. */
  readonly modified: boolean
}

/**
 * The document after an update. The given one is never changed; unchanged parts are shared with it.
 *
 * @throws DocumentValidationError when the update does not fit this document: TypeMismatch, PathNotViable, BadValue,
 *   ImmutableField (another `_id`); NoSQLFilterError (ConflictingUpdateOperators) when positional paths meet
 */
export function applyUpdate(update: UpdateTree, document: Document, options: ApplyOptions): Updated {
  const result = change(update, document, { ...options, insert: false })
  if (result === document || identicalValues(result, document)) return { document, modified: false }
  return { document: result, modified: true }
}

/**
 * The document that an upsert inserts: the equalities of the filter, changed by the update. It has no `_id` unless the
 * filter or the update sets one.
 *
 * @throws as `applyUpdate`; NoSQLFilterError (NotSingleValueField) when the filter sets one path to two values
 */
export function upsertDocument(update: UpdateTree, filter: FilterNode, options: ApplyOptions): Document {
  if (update.kind !== 'replacement') return change(update, upsertSeed(filter), { ...options, insert: true })
  const seed = idSeed(filter)
  return seed === undefined ? update.document : withId(update.document, seed)
}

function change(update: UpdateTree, document: Document, options: ApplyOptions & { insert: boolean }): Document {
  switch (update.kind) {
    case 'replacement':
      return withId(update.document, document['_id'])
    case 'pipeline': {
      const result = update.transform(document, { ...update.variables, NOW: options.now })
      return withId(toStorable(result, { madeOf: document }), document['_id'])
    }
    case 'operators':
    default: {
      const { now, position, insert, meter } = options
      const context = { now, insert, position, meter, original: document, filters: update.filters, at: '' }
      // The root of a tree is an object, and stays one.
      const result = applyNode(update.node, document, context) as Document
      if (result['_id'] !== document['_id']) assertSameId(document['_id'], result['_id'])
      return result
    }
  }
}
