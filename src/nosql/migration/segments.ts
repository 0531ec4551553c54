import { withoutLimits } from './without-limits.ts'
import type { Filter } from '../collection/types/filter.ts'
import { DocumentMigrationError } from './errors.ts'
import type { MigrationContext } from './operation.ts'

const maxPasses = 10

interface FieldChange {
  /** Documents still to be changed; one that was changed must not match any more. */
  readonly filter: Filter
  readonly update: Readonly<Record<string, unknown>>
}

/**
 * Changes all matching documents, a segment at a time, with constant memory. What was changed no longer matches, so an
 * interrupted run resumes where it stopped; documents that appear meanwhile are caught by another pass.
 *
 * @throws DocumentMigrationError when they keep appearing.
 */
export async function changeInSegments(
  context: MigrationContext,
  collectionName: string,
  change: FieldChange,
): Promise<void> {
  for (let pass = 0; pass < maxPasses; pass++) if ((await changeOnce(context, collectionName, change)) === 0) return
  throw new DocumentMigrationError(
    `the migration of '${collectionName}' cannot complete: documents that need the change keep arriving`,
    {
      hint: 'Deploy the program that writes them in their new form first, then apply again.',
      details: { collection: collectionName },
    },
  )
}

async function changeOnce(context: MigrationContext, collectionName: string, change: FieldChange): Promise<number> {
  const collection = context.store.collection(collectionName)
  let ids: unknown[] = []
  let changed = 0
  const flush = async (): Promise<void> => {
    const result = await collection.updateMany(
      Object.assign({}, change.filter, { _id: { $in: ids } }),
      change.update,
      withoutLimits,
    )
    changed += result.modifiedCount
    ids = []
    await context.progress(result.modifiedCount)
  }
  for await (const document of collection.find(change.filter, { ...withoutLimits, projection: { _id: 1 } })) {
    ids.push(document['_id'])
    if (ids.length >= context.segmentSize) await flush()
  }
  if (ids.length > 0) await flush()
  return changed
}
