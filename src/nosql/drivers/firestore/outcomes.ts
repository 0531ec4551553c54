import { DuplicateKeyError } from '../../../core/errors.ts'
import type { Write, WriteContext, WriteOutcome } from '../../contract/write.ts'
import { UnknownOutcomeError } from '../../errors.ts'
import type { FirestoreDocument } from './codec.ts'
import { FirestoreFailure, toReadError, toWriteFailure, unanswered } from './errors.ts'
import type { Place } from './place.ts'
import type { Lock } from './unique.ts'

/** One write of the REST API. */
export type NativeWrite = Readonly<Record<string, unknown>>

/** Everything that one write of the portable layer needs: the document and the locks of its unique keys. */
export interface Group {
  readonly write: Write
  readonly name: string
  readonly natives: readonly NativeWrite[]
  readonly locks: readonly Lock[]
}

/** Repeating it does no harm: whoever made the ids just now is the only one who can have stored them. */
export function isRepeatable({ write }: Group): boolean {
  return write.kind === 'insert' && write.generatedId
}

export interface Failed {
  readonly error: unknown
  readonly context: WriteContext
}

/** What became of one write whose commit was refused. */
export async function outcomeOf(place: Place, group: Group, { error, context }: Failed): Promise<WriteOutcome> {
  if (!(error instanceof FirestoreFailure)) return failedOutcome(error)
  const { status } = error
  if (status === 'FAILED_PRECONDITION' || status === 'NOT_FOUND') return { kind: 'conflict' }
  if (status !== 'ALREADY_EXISTS') return failedOutcome(error)
  const names = [...(group.write.kind === 'insert' ? [group.name] : []), ...group.locks.map(({ name }) => name)]
  let found: readonly string[]
  try {
    found = await existing(place, names, context)
  } catch (failed) {
    // Whether it was an earlier attempt of this very write that is there, only reading could tell.
    if (group.write.kind === 'insert' && group.write.generatedId) return { kind: 'unsure', error: unanswered(failed) }
    return { kind: 'failed', error: toReadError(failed) }
  }
  // Nobody else can have an id that was made just now: an earlier attempt, whose answer was lost, has stored it.
  const isOwn = group.write.kind === 'insert' && group.write.generatedId && found.includes(group.name)
  if (isOwn) return { kind: 'written' }
  const taken = group.locks.find(({ name }) => found.includes(name))
  if (taken !== undefined)
    return {
      kind: 'failed',
      error: duplicateKey(
        place,
        taken.index.key.map(([path]) => path),
        taken.index.name,
      ),
    }
  if (found.includes(group.name)) return { kind: 'failed', error: duplicateKey(place, ['_id'], '_id_') }
  // Whatever was in the way is gone again.
  return { kind: 'conflict' }
}

export function failedOutcome(error: unknown): WriteOutcome {
  if (error instanceof FirestoreFailure && error.status === 'ABORTED' && error.notCarriedOut)
    return { kind: 'conflict' }
  const known = toWriteFailure(error)
  return known instanceof UnknownOutcomeError ? { kind: 'unsure', error: known } : { kind: 'failed', error: known }
}

export function duplicateKey(place: Place, fields: readonly string[], index: string): DuplicateKeyError {
  return new DuplicateKeyError(`a document with this ${fields.join(', ')} is already in '${place.collection}'`, {
    details: { collection: place.collection, index, fields },
    publicMessage: 'a document with this key exists already',
  })
}

async function existing(
  { transport }: Place,
  names: readonly string[],
  context: WriteContext,
): Promise<readonly string[]> {
  const answers = (await transport.call(
    'batchGet',
    { documents: names, mask: { fieldPaths: ['__name__'] } },
    { context, isIdempotent: true },
  )) as readonly {
    found?: FirestoreDocument
  }[]
  return answers.flatMap(({ found }) => found?.name ?? [])
}
