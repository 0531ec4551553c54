import { callContext } from '../../store/span-session.ts'
import { DuplicateKeyError } from '../../../core/errors.ts'
import type { DriverCollection } from '../../contract/driver-collection.ts'
import type { Write, WriteOutcome } from '../../contract/write.ts'
import { compileFilter } from '../../query/filter/compile-filter.ts'
import type { FilterNode } from '../../query/filter-node.ts'
import { collectAtPath } from '../../query/path.ts'
import type { Document, Value } from '../../query/value.ts'
import { expiredFilter } from './expiry.ts'
import { meterOf } from '../spending.ts'
import { queryOf, type ParsedQuery } from '../reading/parsed-query.ts'
import { readPages, type ReadContext } from '../reading/read.ts'

/**
 * Removes expired documents that hold the key for which a write was refused. True when that, or the backend's own sweep,
 * has freed the key, so that the write is worth another try.
 */
export async function purgeExpired(
  context: ReadContext,
  collection: DriverCollection,
  { write, outcome }: { readonly write: Write; readonly outcome: WriteOutcome },
): Promise<boolean> {
  if (write.kind === 'delete' || outcome.kind !== 'failed') return false
  const call = callContext(context.session, context.options)
  const gone = expiredFilter(collection.expiry, call.now)
  const holder = outcome.error instanceof DuplicateKeyError ? holderOf(write.document, outcome.error) : undefined
  if (gone === undefined || holder === undefined) return false
  const isExpired = compileFilter(gone)
  const meter = meterOf(context, context.options)
  const query = queryOf({ ...holder, meter, skip: 0, limit: Infinity, needs: 'whole', hidesExpired: true })
  const free: ReadContext = { ...context, options: { ...context.options, scans: 'allow' } }
  let living = false
  for await (const page of readPages(free, collection, query)) {
    for (const before of page) {
      if (!isExpired(before.document)) living = true
      else await collection.write([{ kind: 'delete', before }], { ...call, ordered: true })
    }
  }
  return !living
}

/** The same after a batch that was sent: what keeps it from looking says nothing about the batch, whose refusal stands. */
export async function isFreed(...given: Parameters<typeof purgeExpired>): Promise<boolean> {
  try {
    return await purgeExpired(...given)
  } catch {
    return false
  }
}

/** A filter for what may stand in the way: documents with one of the values of the key at each of its paths. */
function holderOf(document: Document, error: DuplicateKeyError): Pick<ParsedQuery, 'filter' | 'source'> | undefined {
  const fields: unknown = error.details?.['fields']
  if (!Array.isArray(fields) || fields.length === 0) return undefined
  const keys = (fields as readonly string[]).map((path) => {
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
