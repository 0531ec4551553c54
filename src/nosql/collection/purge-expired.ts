import { DuplicateKeyError } from '../../core/errors.ts'
import type { DriverCollection } from '../contract/driver-collection.ts'
import type { Write, WriteOutcome } from '../contract/write.ts'
import type { FilterNode } from '../query/filter-node.ts'
import { collectAtPath } from '../query/path.ts'
import type { Document, Value } from '../query/value.ts'
import { expiredFilter } from './expiry.ts'
import { queryOf } from './parsed-query.ts'
import { readPages, type ReadContext } from './read.ts'

/**
 * Removes expired documents that hold the key for which a write was refused. True when there were any, so that the write
 * is worth another try.
 */
export async function purgeExpired(
  context: ReadContext,
  collection: DriverCollection,
  { write, outcome }: { readonly write: Write; readonly outcome: WriteOutcome },
): Promise<boolean> {
  if (write.kind === 'delete' || outcome.kind !== 'failed' || !(outcome.error instanceof DuplicateKeyError))
    return false
  const call = context.session.store.context(context.options)
  const gone = expiredFilter(collection.expiry, call.now)
  const holder = holderOf(write.document, outcome.error)
  if (gone === undefined || holder === undefined) return false
  const filter: FilterNode = { kind: 'and', nodes: [...holder, gone] }
  const query = queryOf({ filter, skip: 0, limit: Infinity, needs: 'keys', hidesExpired: true })
  let purged = false
  for await (const page of readPages(
    { ...context, options: { ...context.options, work: 'allow' } },
    collection,
    query,
  )) {
    const { writeBatch } = context.session.store.backend.capabilities.limits
    for (let start = 0; start < page.length; start += Math.min(writeBatch, 1000)) {
      const some = page.slice(start, start + Math.min(writeBatch, 1000))
      const deletions = some.map((before) => ({ kind: 'delete', before }) as const)
      const outcomes = await collection.write(deletions, { ...call, ordered: false })
      purged ||= outcomes.some(({ kind }) => kind === 'written')
    }
  }
  return purged
}

/** Holds for what may stand in the way: documents with one of the values of the key at each of its paths. */
function holderOf(document: Document, error: DuplicateKeyError): readonly FilterNode[] | undefined {
  const fields: unknown = error.details?.['fields']
  if (!Array.isArray(fields) || fields.length === 0) return undefined
  return (fields as readonly string[]).map((path) => {
    const parts = path.split('.')
    return { kind: 'field', path, parts, test: oneOf(collectAtPath(document, parts)) }
  })
}

function oneOf(values: readonly Value[]) {
  const [first = null] = values
  return values.length < 2
    ? ({ kind: 'compare', operator: 'eq', value: first } as const)
    : ({ kind: 'in', values, patterns: [] } as const)
}
