import { UsageError } from '../../core/errors.ts'
import type { DocumentId } from '../collection/document-id.ts'
import { isObjectId } from '../query/value.ts'
import { isVendorValue } from '../query/vendor-value.ts'
import { assertKey } from './identity.ts'

/** What one deletion is about: by its id or as an entity that was read, and the version that is expected, if any. */
export interface DeletionTarget {
  readonly target: unknown
  readonly version: unknown
  readonly versionField: string | undefined
}

export interface DeletedIdentity {
  readonly id: DocumentId
  /** Undefined for any version. */
  readonly version: unknown
}

/**
 * The id of what is to be deleted, and its version where that counts.
 *
 * @throws UsageError `LEX_ERR_USE_001` for a version in a repository that does not count them, and for an entity that
 *   should have one
 */
export async function identityOf(
  { target, version, versionField }: DeletionTarget,
  toDocument: (entity: object) => Promise<Readonly<Record<string, unknown>>>,
): Promise<DeletedIdentity> {
  if (version !== undefined && versionField === undefined)
    throw new UsageError("'version' cannot be used: the repository does not count versions")
  if (typeof target !== 'object' || target === null || isObjectId(target) || isVendorValue(target))
    return { id: assertKey(target), version }
  const document = await toDocument(target)
  const id = assertKey(document['_id'])
  if (versionField === undefined) return { id, version: undefined }
  const known = version ?? document[versionField]
  if (known !== undefined) return { id, version: known }
  throw new UsageError('an entity cannot be deleted without its version', {
    hint: 'Pass its id to delete it in any version.',
  })
}
