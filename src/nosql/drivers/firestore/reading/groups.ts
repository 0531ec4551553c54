import type { Write, WriteContext, WriteOutcome } from '../../../contract/write.ts'
import { DocumentValidationError } from '../../../errors.ts'
import type { KeptIndexes } from '../../../optimistic/kept-indexes.ts'
import { lockChanges, type DocumentChange, type LockChange } from '../../../optimistic/lock-changes.ts'
import { uniqueIndexes } from '../../../optimistic/unique-indexes.ts'
import { documentIdOf } from '../codec/codec.ts'
import { lockWrites, readLocks, type Wanted } from '../indexes/locks.ts'
import { nativeWrite, type NativeWrite } from '../writing/native-writes.ts'
import type { Place } from '../place.ts'

/** Everything that one write of the portable layer needs: the document and the locks of its unique keys. */
export interface Group {
  readonly write: Write
  readonly name: string
  readonly natives: readonly NativeWrite[]
  readonly wanted: readonly Wanted[]
}

/** Repeating it does no harm: only the maker of these new ids can have stored them. */
export function isRepeatable({ write }: Group): boolean {
  return write.kind === 'insert' && write.generatedId
}

export interface WriteTarget {
  readonly place: Place
  readonly indexes: KeptIndexes
}

interface Groups {
  readonly groups: readonly Group[]
  /** What cannot be sent, by the positions of the writes. */
  readonly refused: ReadonlyMap<number, WriteOutcome>
}

/** The writes that can be sent with their locks, and what is refused before that: text that Firestore cannot hold. */
export async function groupsOf(
  { place, indexes }: WriteTarget,
  writes: readonly Write[],
  context: WriteContext,
): Promise<Groups> {
  const unique = uniqueIndexes(indexes.kept)
  const refused = new Map<number, WriteOutcome>()
  const prepared: { readonly document: Omit<Group, 'wanted'>; readonly changes: readonly LockChange[] }[] = []
  for (const [at, write] of writes.entries()) {
    try {
      const name = nameForWrite(place, write)
      const document = { write, name, natives: [nativeWrite(name, write)] }
      prepared.push({ document, changes: await lockChanges([changeOf(write)], unique) })
    } catch (error) {
      if (!(error instanceof DocumentValidationError)) throw error
      refused.set(at, { kind: 'failed', error })
      if (context.ordered) break
    }
  }
  const all = prepared.flatMap(({ changes }) => changes)
  const held = await readLocks({ place, settled: settledOf(indexes) }, all, context)
  const groups = prepared.map(({ document, changes }) => {
    const { natives, wanted } = lockWrites(place, changes, held)
    return { ...document, natives: [...document.natives, ...natives], wanted }
  })
  return { groups, refused }
}

function changeOf(write: Write): DocumentChange {
  if (write.kind === 'insert') return { id: write.document['_id'] ?? null, after: write.document }
  const { document: before } = write.before
  return { id: before['_id'] ?? null, before, ...(write.kind === 'replace' && { after: write.document }) }
}

/** The name of the document. Ids were checked by the portable layer; one that Firestore cannot have is refused here. */
export function nameForWrite({ transport, collection }: Place, write: Write): string {
  const document = write.kind === 'delete' ? write.before.document : write.document
  return `${transport.root}/${collection}/${documentIdOf(document['_id'] ?? null)}`
}

/** The indexes that are ready. */
export function settledOf({ usable }: KeptIndexes): ReadonlySet<string> {
  return new Set(usable.map(({ name }) => name))
}
