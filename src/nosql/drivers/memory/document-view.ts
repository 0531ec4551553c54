import { duplicateKey } from '../../contract/duplicate-key.ts'
import { WriteConflictError } from '../../errors.ts'
import { isLexigramError } from '../../../core/errors.ts'
import type { StoredDocument } from '../../contract/query.ts'
import type { Write, WriteOutcome } from '../../contract/write.ts'
import { idIndex } from '../../contract/index-model.ts'
import type { Document } from '../../query/value.ts'
import { idKey } from '../../query/value-key.ts'

/** The documents of a collection as one reader sees them: the collection itself, or a transaction's view of it. */
export interface DocumentView {
  readonly name: string
  get(key: string): StoredDocument | undefined
  /** Inserts or replaces. @throws DuplicateKeyError | WriteConflictError and changes nothing. */
  put(document: Document, how?: { readonly replaces?: boolean }): void
  /** @throws WriteConflictError */
  remove(key: string): void
}

export function applyWrites(view: DocumentView, writes: readonly Write[], ordered: boolean): WriteOutcome[] {
  const outcomes: WriteOutcome[] = []
  for (const write of writes) {
    const outcome = applyWrite(view, write)
    outcomes.push(outcome)
    if (ordered && outcome.kind !== 'written') break
  }
  return outcomes
}

function applyWrite(view: DocumentView, write: Write): WriteOutcome {
  const key = idKey((write.kind === 'insert' ? write.document : write.before.document)['_id'] ?? null)
  const current = view.get(key)
  try {
    if (write.kind === 'insert') {
      if (current !== undefined) throw duplicateKey(view.name, idIndex)
      view.put(write.document)
    } else {
      if (current?.revision !== write.before.revision) return { kind: 'conflict' }
      if (write.kind === 'replace') view.put(write.document, { replaces: write.replaces === true })
      else view.remove(key)
    }
    return { kind: 'written' }
  } catch (error) {
    if (error instanceof WriteConflictError) return { kind: 'conflict' }
    if (isLexigramError(error)) return { kind: 'failed', error }
    throw error
  }
}
