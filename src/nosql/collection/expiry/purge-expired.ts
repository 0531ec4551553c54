import { DuplicateKeyError } from '../../../core/errors.ts'
import type { DriverCollection } from '../../contract/driver-collection.ts'
import type { Write, WriteOutcome } from '../../contract/write.ts'
import { equalValues } from '../../query/compare.ts'
import { compileFilter } from '../../query/filter/compile-filter.ts'
import type { FilterNode } from '../../query/filter-node.ts'
import { collectAtPath } from '../../query/path.ts'
import type { Document, Value } from '../../query/value.ts'
import { expiredFilter } from './expiry.ts'
import { charged, meterOf, writeCall } from '../spending.ts'
import { queryOf, type ParsedQuery } from '../reading/parsed-query.ts'
import { readPages, type ReadContext } from '../reading/read.ts'

/**
 * Removes expired documents that hold the key for which a write was refused. True when that, or the backend's own sweep,
 * has freed the key, so that the write is worth another try.
 */
async function purgeExpired(
  context: ReadContext,
  collection: DriverCollection,
  { write, outcome }: { readonly write: Write; readonly outcome: WriteOutcome },
): Promise<boolean> {
  if (write.kind === 'delete' || outcome.kind !== 'failed') return false
  const fields: unknown = outcome.error instanceof DuplicateKeyError ? outcome.error.details?.['fields'] : undefined
  if (!Array.isArray(fields) || fields.length === 0) return false
  return purgeHolders(context, collection, { document: write.document, fields })
}

/** Removes expired holders of keys that writes want, where the backend would refuse them for it at the commit only. */
export async function purgeBeforeCommit(
  context: ReadContext,
  collection: DriverCollection,
  writes: readonly Write[],
): Promise<void> {
  const { keysCheckedAtCommit: keys = [], expiry = [] } = collection
  if (expiry.length === 0) return
  for (const write of writes) {
    if (write.kind === 'delete') continue
    const isNewId = write.kind === 'insert' && write.generatedId
    for (const fields of keys) {
      if (isNewId && fields[0] === '_id') continue
      // Documents without a key are not looked for: a sparse index does not list them.
      if (fields.every((path) => collectAtPath(write.document, path.split('.')).length === 0)) continue
      if (write.kind === 'replace' && hasSameKey(write.before.document, write.document, fields)) continue
      await purgeHolders(context, collection, { document: write.document, fields })
    }
  }
}

function hasSameKey(before: Document, after: Document, fields: readonly string[]): boolean {
  return fields.every((path) => {
    const [first = ''] = path.split('.')
    return equalValues(before[first], after[first])
  })
}

interface Wanted {
  readonly document: Document
  /** The paths of the key. */
  readonly fields: readonly string[]
}

/** Deletes those holders of a key that have expired. True when the key is free then. */
async function purgeHolders(
  context: ReadContext,
  collection: DriverCollection,
  { document, fields }: Wanted,
): Promise<boolean> {
  const call = writeCall(context, context.options)
  const gone = expiredFilter(collection.expiry, call.now)
  if (gone === undefined) return false
  const isExpired = compileFilter(gone)
  const meter = meterOf(context, context.options)
  const holder = holderOf(document, fields)
  const query = queryOf({ ...holder, meter, skip: 0, limit: Infinity, needs: 'whole', hidesExpired: true })
  const free: ReadContext = { ...context, options: { ...context.options, scans: 'allow' } }
  let living = false
  for await (const page of readPages(free, collection, query)) {
    for (const before of page) {
      if (!isExpired(before.document)) living = true
      else await charged(context, () => collection.write([{ kind: 'delete', before }], { ...call, ordered: true }))
    }
  }
  return !living
}

/** The same after a batch that was sent: when it cannot look, the batch is refused as before. */
export async function isFreed(...given: Parameters<typeof purgeExpired>): Promise<boolean> {
  try {
    return await purgeExpired(...given)
  } catch {
    return false
  }
}

/** A filter for what may conflict: documents with one of the values of the key at each of its paths. */
function holderOf(document: Document, fields: readonly string[]): Pick<ParsedQuery, 'filter' | 'source'> {
  const keys = fields.map((path) => {
    const parts = path.split('.')
    return { path, parts, values: collectAtPath(document, parts) }
  })
  const nodes = keys.map(({ path, parts, values }): FilterNode => ({ kind: 'field', path, parts, test: oneOf(values) }))
  const written = keys.map(({ path, values }) => ({ [path]: { $in: values.length === 0 ? [null] : values } }))
  return { filter: { kind: 'and', nodes }, source: { filter: { $and: written } } }
}

function oneOf(values: readonly Value[]) {
  const [first = null] = values
  return values.length < 2
    ? ({ kind: 'compare', operator: 'eq', value: first } as const)
    : ({ kind: 'in', values, patterns: [] } as const)
}
