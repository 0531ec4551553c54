import { idOf } from './document-id.ts'
import type { DriverCollection } from '../contract/driver-collection.ts'
import type { StoredDocument } from '../contract/query.ts'
import type { Modification as Command, Write } from '../contract/write.ts'
import { toWriteError } from './refusal.ts'
import { DuplicateKeyError } from '../../core/errors.ts'
import { equalValues } from '../query/compare.ts'
import type { Document } from '../query/value.ts'
import { allowPlan, readPages, type ReadContext, type ParsedQuery } from './read.ts'

/** A checked update, replacement or deletion, with what is needed to do it here. */
export interface Modification extends Command {
  readonly query: ParsedQuery
}

export interface Modified {
  matched: number
  modified: number
  /** The first document, as it was and as it is. */
  before: Document | null
  after: Document | null
  upserted: Document | null
}

/**
 * Reads, applies and writes on the condition that nobody else has written in between; what was written in between is read
 * and checked again. All documents are computed before the first is written, so a change that cannot be applied to one of
 * them changes none.
 *
 * @throws {WriteConflictError} when the attempts are used up, and at once within a transaction
 * @throws {DuplicateKeyError} and documents before the one refused stay written
 */
export async function modify(
  context: ReadContext,
  collection: DriverCollection,
  what: Modification,
): Promise<Modified> {
  const native = await modifyNatively(context, collection, what)
  if (native !== undefined) return native
  const run = () => writeWithRetries(context, collection, what)
  return collection.exclusive === undefined ? run() : collection.exclusive(run)
}

async function modifyNatively(
  context: ReadContext,
  collection: DriverCollection,
  command: Modification,
): Promise<Modified | undefined> {
  if (collection.modify === undefined) return undefined
  const call = context.session.store.context(context.options)
  allowPlan(context, await collection.plan(command.query, call))
  try {
    const result = await collection.modify(command, call)
    if (result === undefined) return undefined
    const { matchedCount: matched, modifiedCount: modified, upsertedId, document = null } = result
    return {
      matched,
      modified,
      before: document,
      after: document,
      upserted: upsertedId === undefined ? null : { _id: upsertedId },
    }
  } catch (error) {
    if (error instanceof Error) context.session.markFailed(error)
    throw error
  }
}

async function writeWithRetries(
  context: ReadContext,
  collection: DriverCollection,
  what: Modification,
): Promise<Modified> {
  const { store, transactional } = context.session
  const done: Modified = { matched: 0, modified: 0, before: null, after: null, upserted: null }
  let pending: readonly StoredDocument[] = await readAll(context, collection, what.query)
  let inserts = 0
  for (let attempt = 1; ; attempt++) {
    if (pending.length > 0) {
      pending = await applyChange(context, collection, { what, pending, done })
      if (pending.length === 0) return done
    } else if (what.insert === undefined || done.matched > 0) return done
    // A second duplicate is not the work of a rival: another unique key is in the way.
    else if (await insertMissing(context, collection, { document: what.insert(), done, last: ++inserts > 1 }))
      return done
    if (transactional || attempt >= store.attempts) throw toWriteError(context.session, { kind: 'conflict' })
    await store.backOff(attempt)
    pending = await readAgain(context, collection, { what, pending })
  }
}

interface Step {
  readonly what: Modification
  readonly pending: readonly StoredDocument[]
  readonly done: Modified
}

/** Writes what has changed, and returns what must be read again. */
async function applyChange(
  context: ReadContext,
  collection: DriverCollection,
  { what, pending, done }: Step,
): Promise<readonly StoredDocument[]> {
  const changes = pending.map((stored) => ({
    stored,
    after: applyOrMarkFailed(context, () => what.apply(stored.document)),
  }))
  const writes = changes.filter(({ stored, after }) => after !== stored.document)
  const kept = changes.length - writes.length
  const { writeBatch } = context.session.store.backend.capabilities.limits
  let written = 0
  let rest: readonly StoredDocument[] = []
  while (written < writes.length) {
    const batch = writes.slice(written, written + writeBatch)
    const outcomes = await collection.write(batch.map(toWrite), {
      ...context.session.store.context(context.options),
      ordered: true,
    })
    const last = outcomes.at(-1)
    written += outcomes.length
    if (last?.kind === 'written' && outcomes.length === batch.length) continue
    if (last?.kind === 'failed') throw toWriteError(context.session, last)
    rest = writes.slice(written - 1).map(({ stored }) => stored)
    written -= 1
    break
  }
  done.matched += kept + written
  done.modified += written
  const [first] = changes
  if (first !== undefined && rest.length === 0) {
    done.before = first.stored.document
    done.after = first.after
  }
  return rest
}

/** False when somebody else has inserted the like meanwhile. */
async function insertMissing(
  context: ReadContext,
  collection: DriverCollection,
  { document, done, last }: { readonly document: Document; readonly done: Modified; readonly last: boolean },
): Promise<boolean> {
  const call = { ...context.session.store.context(context.options), ordered: true }
  const [outcome] = await collection.write([{ kind: 'insert', document, generatedId: false }], call)
  if (outcome?.kind === 'conflict') return false
  if (outcome?.kind === 'failed') {
    if (last || context.session.transactional || !(outcome.error instanceof DuplicateKeyError)) {
      throw toWriteError(context.session, outcome)
    }
    return false
  }
  done.upserted = document
  done.after = document
  return true
}

/** One document: whichever matches now. Many: those that were refused, where they still match. */
async function readAgain(
  context: ReadContext,
  collection: DriverCollection,
  { what, pending }: Omit<Step, 'done'>,
): Promise<readonly StoredDocument[]> {
  if (!what.multi) return readAll(context, collection, what.query)
  const again: StoredDocument[] = []
  for (const { document } of pending) {
    const value = idOf(document)
    const byId = {
      kind: 'field',
      path: '_id',
      parts: ['_id'],
      test: { kind: 'compare', operator: 'eq', value },
    } as const
    const filter = { kind: 'and', nodes: [byId, what.query.filter] } as const
    const source = { ...what.query.source, filter: { $and: [{ _id: { $eq: value } }, what.query.source?.filter] } }
    const found = await readAll(context, collection, {
      ...what.query,
      filter,
      source,
      matches: (other) => equalValues(idOf(other), value) && what.query.matches(other),
    })
    again.push(...found)
  }
  return again
}

async function readAll(
  context: ReadContext,
  collection: DriverCollection,
  reading: ParsedQuery,
): Promise<StoredDocument[]> {
  const all: StoredDocument[] = []
  for await (const page of readPages(context, collection, reading)) for (const stored of page) all.push(stored)
  return all
}

function toWrite({ stored, after }: { readonly stored: StoredDocument; readonly after: Document | null }): Write {
  return after === null ? { kind: 'delete', before: stored } : { kind: 'replace', before: stored, document: after }
}

/** A server would end the transaction for what cannot be applied, so that it ends everywhere. */
function applyOrMarkFailed<T>(context: ReadContext, compute: () => T): T {
  try {
    return compute()
  } catch (error) {
    if (error instanceof Error) context.session.markFailed(error)
    throw error
  }
}
