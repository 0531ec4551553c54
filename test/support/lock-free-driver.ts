import { duplicateKey } from '../../src/nosql/contract/duplicate-key.ts'
import type { DriverContext } from '../../src/nosql/contract/context.ts'
import type { CollectionSpec } from '../../src/nosql/contract/define-collection.ts'
import type { DocumentBackend, DocumentDriver } from '../../src/nosql/contract/driver.ts'
import type { DriverCollection } from '../../src/nosql/contract/driver-collection.ts'
import { idIndex, indexSignature, type IndexModel } from '../../src/nosql/contract/index-model.ts'
import type { StoredDocument } from '../../src/nosql/contract/query.ts'
import type { Write, WriteOutcome } from '../../src/nosql/contract/write.ts'
import { memory } from '../../src/nosql/drivers/memory/memory-driver.ts'
import { DocumentValidationError, WriteConflictError } from '../../src/nosql/errors.ts'
import { idKey } from '../../src/nosql/query/value-key.ts'
import type { UniqueIndex } from '../../src/nosql/keys/lock-keys.ts'
import { bufferedTransaction, type CommitRequest } from '../../src/nosql/optimistic/buffered-transaction.ts'
import { lockChanges, type LockChange } from '../../src/nosql/optimistic/lock-changes.ts'
import { compileFilter } from '../../src/nosql/query/filter/compile-filter.ts'
import { parseFilter } from '../../src/nosql/query/filter/parse-filter.ts'
import type { Document, Value } from '../../src/nosql/query/value.ts'

export interface LockFreeOptions {
  readonly maxWrites?: number
  readonly ids?: 'scalar' | 'any'
  /** Called before every commit; the commit fails with what it throws. */
  readonly beforeCommit?: (request: CommitRequest) => void
}

interface State {
  /** Who holds each lock, as the key of its `_id`. */
  readonly locks: Map<string, string>
  readonly indexes: Map<string, IndexModel>
}

/**
 * A backend as DynamoDB and Firestore are, over the memory driver: single writes are conditional, unique keys are locks,
 * several documents change together in one conditional request, and nothing is locked in between.
 */
export function lockFreeDriver(options: LockFreeOptions = {}): DocumentDriver {
  const inner = memory({ ids: options.ids ?? 'scalar' })
  const states = new Map<string, State>()
  let last: Promise<unknown> = Promise.resolve()
  /** As if each request were one step of the server. */
  const atomic = <T>(work: () => Promise<T>): Promise<T> => {
    const run = last.then(work)
    last = run.catch(() => undefined)
    return run
  }
  return {
    ...inner,
    name: 'lock-free',
    open: (settings) => lockFree(inner.open(settings), { states, atomic, options }),
  }
}

interface Server {
  readonly states: Map<string, State>
  readonly atomic: <T>(work: () => Promise<T>) => Promise<T>
  readonly options: LockFreeOptions
}

function lockFree(backend: DocumentBackend, server: Server): DocumentBackend {
  const { capabilities } = backend
  const { maxWrites = 100 } = server.options
  const stateOf = (name: string) => {
    let state = server.states.get(name)
    if (state === undefined) server.states.set(name, (state = { locks: new Map(), indexes: new Map() }))
    return state
  }
  const collection = async (name: string, spec: CollectionSpec | undefined, context: DriverContext) => {
    const { indexes: _, ...rest } = spec ?? { indexes: [] }
    const state = stateOf(name)
    for (const model of spec?.indexes ?? []) state.indexes.set(model.name, model)
    const plain = spec === undefined ? undefined : ({ ...rest, indexes: [] } as unknown as CollectionSpec)
    return locking(await backend.collection(name, plain, context), { name, state, server })
  }
  return {
    ...backend,
    capabilities: {
      ...capabilities,
      transaction: { ...capabilities.transaction, isolation: 'serializable', snapshotReads: false, maxWrites },
      index: { ...capabilities.index, unique: 'emulated' },
      limits: { ...capabilities.limits, writeBatch: 25 },
    },
    collection,
    async dropCollection(name, context) {
      server.states.delete(name)
      return backend.dropCollection(name, context)
    },
    begin: async () =>
      bufferedTransaction({
        maxWrites,
        snapshotReads: false,
        collection,
        uniqueIndexes: (name) => uniqueOf(stateOf(name)),
        commit: (request, context) => {
          server.options.beforeCommit?.(request)
          return server.atomic(() => commit(backend, request, { stateOf, context }))
        },
      }),
  }
}

function uniqueOf({ indexes }: State): UniqueIndex[] {
  return [...indexes.values()]
    .filter(({ unique }) => unique === true)
    .map(({ name, key, sparse = false, partialFilterExpression: partial }) => ({
      name,
      key,
      sparse,
      includes: partial && compileFilter(parseFilter(partial)),
    }))
}

function locking(
  base: DriverCollection,
  { name, state, server }: { readonly name: string; readonly state: State; readonly server: Server },
): DriverCollection {
  const { exclusive: _exclusive, returnsOwnDocuments, ...rest } = base
  const write = async (item: Write, context: DriverContext): Promise<WriteOutcome> => {
    const changes = await lockChanges([changeOf(item)], uniqueOf(state))
    const taken = changes.find((change) => !isFree(state, change))
    if (taken !== undefined) return { kind: 'failed', error: duplicateKey(name, taken.index) }
    const [outcome] = await base.write([item], { ...context, ordered: true })
    if (outcome?.kind === 'written') for (const change of changes) setLock(state, change)
    return outcome ?? { kind: 'conflict' }
  }
  return {
    ...rest,
    ...(returnsOwnDocuments === true && { returnsOwnDocuments }),
    get expiry() {
      return [...state.indexes.values()].flatMap(({ key: [[path] = ['']], expireAfterSeconds, ...model }) =>
        expireAfterSeconds === undefined
          ? []
          : [{ path, afterSeconds: expireAfterSeconds, partialFilterExpression: model.partialFilterExpression }],
      )
    },
    async write(writes, context) {
      const outcomes: WriteOutcome[] = []
      for (const item of writes) {
        const outcome = await server.atomic(() => write(item, context))
        outcomes.push(outcome)
        if (context.ordered && outcome.kind !== 'written') break
      }
      return outcomes
    },
    listIndexes: async () => [idIndex, ...state.indexes.values()],
    createIndex: (model, context) =>
      server.atomic(async () => {
        const known = state.indexes.get(model.name)
        if (known !== undefined && indexSignature(known) === indexSignature(model)) return
        if (model.key.length === 1 && model.key[0]?.[0] === '_id') return
        if (known !== undefined || [...state.indexes.values()].some((one) => sameKey(one, model))) {
          const reason = known === undefined ? 'IndexOptionsConflict' : 'IndexKeySpecsConflict'
          throw new DocumentValidationError('another index is in the way', { reason, path: '' })
        }
        const [unique] = uniqueOf({ ...state, indexes: new Map([[model.name, model]]) })
        const held = new Map(state.locks)
        for (const { document } of await all(base, context)) {
          const changes =
            unique === undefined ? [] : await lockChanges([{ id: document['_id'] ?? null, after: document }], [unique])
          for (const change of changes) {
            if (!isFree({ ...state, locks: held }, change)) throw duplicateKey(name, model)
            setLock({ ...state, locks: held }, change)
          }
        }
        const { unique: _unique, expireAfterSeconds: _expiry, ...plain } = model
        await base.createIndex(plain, context)
        for (const [lock, holder] of held) state.locks.set(lock, holder)
        state.indexes.set(model.name, model)
      }),
    async dropIndex(index, context) {
      state.indexes.delete(index)
      return base.dropIndex(index, context)
    },
  }
}

async function commit(
  backend: DocumentBackend,
  { writes, unchanged, locks }: CommitRequest,
  { stateOf, context }: { readonly stateOf: (name: string) => State; readonly context: DriverContext },
): Promise<void> {
  for (const { collection, id, revision, wasInserted } of unchanged) {
    const [stored] = await all(await backend.collection(collection, undefined, context), context, id)
    if (stored !== undefined && wasInserted === true) throw duplicateKey(collection, idIndex)
    if (stored?.revision !== revision) throw new WriteConflictError('a document that was read has changed')
  }
  for (const change of locks)
    if (!isFree(stateOf(change.collection), change)) throw duplicateKey(change.collection, change.index)
  const transaction = await backend.begin?.(context)
  for (const { collection, write } of writes) {
    const inside = await transaction?.collection(collection, undefined, context)
    const [outcome] = (await inside?.write([write], { ...context, ordered: true })) ?? []
    if (outcome?.kind === 'written') continue
    await transaction?.abort(context)
    throw outcome?.kind === 'failed' ? outcome.error : new WriteConflictError('a document has changed')
  }
  await transaction?.commit(context)
  for (const change of locks) setLock(stateOf(change.collection), change)
}

async function all(collection: DriverCollection, context: DriverContext, id?: Value): Promise<StoredDocument[]> {
  const filter =
    id === undefined
      ? ({ kind: 'and', nodes: [] } as const)
      : ({ kind: 'field', path: '_id', parts: ['_id'], test: { kind: 'compare', operator: 'eq', value: id } } as const)
  const query = { filter, matches: () => true, skip: 0, limit: Infinity, needs: 'whole' } as const
  const plan = await collection.plan(query, context)
  const found: StoredDocument[] = []
  for await (const { documents } of plan.read(context)) found.push(...documents)
  return found
}

function changeOf(write: Write): { readonly id: Value; readonly before?: Document; readonly after?: Document } {
  if (write.kind === 'insert') return { id: write.document['_id'] ?? null, after: write.document }
  const { document: before } = write.before
  return { id: before['_id'] ?? null, before, ...(write.kind === 'replace' && { after: write.document }) }
}

function isFree({ locks }: State, { name, holder }: LockChange): boolean {
  return locks.get(name) === (holder === undefined ? undefined : idKey(holder))
}

function setLock({ locks }: State, { name, next }: LockChange): void {
  if (next === undefined) locks.delete(name)
  else locks.set(name, idKey(next))
}

function sameKey(a: IndexModel, b: IndexModel): boolean {
  return JSON.stringify(a.key) === JSON.stringify(b.key)
}
