import type { Write } from '../../../contract/write.ts'
import { encodeDocument, type Revision } from '../codec/codec.ts'
import type { FirestoreFields } from '../codec/value-codec.ts'

/** One write of the REST API. */
export type NativeWrite = Readonly<Record<string, unknown>>

/** Whether no document is written twice, which one commit may not do. */
export function areApart(writes: readonly NativeWrite[]): boolean {
  const names = writes.map(({ update, delete: deleted }) => deleted ?? (update as { readonly name: string }).name)
  return new Set(names).size === names.length
}

/** Writes of one commit, and its bytes. @see https://firebase.google.com/docs/firestore/quotas */
export const commitSize = 500
export const commitBytes = 10 * 2 ** 20

/** A document, on the condition that it is as it was read, or not there. */
export function nativeWrite(name: string, write: Write): NativeWrite {
  if (write.kind === 'insert') {
    return { update: { name, fields: encodeDocument(write.document) }, currentDocument: { exists: false } }
  }
  const { updateTime, fields } = write.before.revision as Revision // made by this driver's reads
  if (write.kind === 'delete') return { delete: name, currentDocument: { updateTime } }
  return {
    update: { name, fields: encodeDocument(write.document, { document: write.before.document, fields }) },
    currentDocument: { updateTime },
  }
}

/** The field of a document that takes most of what is written, in the largest of the documents. */
export function largestField(natives: readonly NativeWrite[]): string | undefined {
  const fields = natives.flatMap(({ update }) =>
    Object.entries((update as { readonly fields?: FirestoreFields } | undefined)?.fields ?? {}),
  )
  const sizes = fields.map(([field, value]) => [field, JSON.stringify(value).length] as const)
  return sizes.toSorted(([, one], [, other]) => other - one)[0]?.[0]
}

/** Writes no field, so that the document stays what it is, its time of update included. */
export function mustBeUnchanged(name: string, updateTime: string): NativeWrite {
  return { update: { name, fields: {} }, updateMask: { fieldPaths: [] }, currentDocument: { updateTime } }
}

export function mustBeAbsent(name: string): NativeWrite {
  return { delete: name, currentDocument: { exists: false } }
}
