import type { DriverContext, MaybePromise } from '../../contract/context.ts'
import type { DriverCollection } from '../../contract/driver-collection.ts'
import { idIndex, isIndexThere, placedByBackend } from '../../contract/index-model.ts'
import type { OpenedCollections } from '../../contract/keep-opened.ts'
import type { IndexCatalog } from '../../optimistic/index-catalog.ts'
import { indexesOf, type KeptIndexes, type NamedCollection } from '../../optimistic/kept-indexes.ts'
import { factsOf } from '../../plan/facts.ts'
import { indexWork } from './indexes/index-work.ts'
import type { Moment } from './reading/moment.ts'
import { assertUnreserved } from './collection-names.ts'
import { collectionOf } from './collection-path.ts'
import { placeOf } from './place.ts'
import { countNatively } from './reading/count.ts'
import { groupCollection } from './reading/group.ts'
import { planRead, type ReadTarget } from './reading/reads.ts'
import type { Transport } from './transport.ts'
import { sendWrites } from './writing/writes.ts'

/** What collections and transactions work on. */
export interface Database {
  readonly transport: Transport
  readonly catalog: IndexCatalog
  readonly opened: OpenedCollections
  /** Other programs add documents. */
  readonly otherWriters: boolean
}

/** At once where the indexes are known. */
export function openCollection(
  database: Database,
  named: NamedCollection,
  context: DriverContext,
): MaybePromise<DriverCollection> {
  assertUnreserved(named.name)
  if (collectionOf(named.name).isGroup) return groupCollection(targetOf(database, named))
  const indexes = indexesOf(database, named, context)
  const open = (known: KeptIndexes) =>
    database.opened.get({ ...named, indexes: known }, () => collectionWith(database, named, { indexes: known }))
  return indexes instanceof Promise ? indexes.then(open) : open(indexes)
}

/** The same, with one moment that all reads see: within a transaction. */
export async function openAtMoment(
  database: Database,
  { moment, ...named }: NamedCollection & { readonly moment: Moment },
  context: DriverContext,
): Promise<DriverCollection> {
  assertUnreserved(named.name)
  if (collectionOf(named.name).isGroup) return groupCollection(targetOf(database, named, moment))
  return collectionWith(database, named, { indexes: await indexesOf(database, named, context), moment })
}

function targetOf({ transport, otherWriters }: Database, { name, spec }: NamedCollection, moment?: Moment): ReadTarget {
  return { place: placeOf(transport, name), facts: factsOf(spec), otherWriters, moment }
}

interface OpenedWith {
  readonly indexes: KeptIndexes
  readonly moment?: Moment | undefined
}

function collectionWith(
  database: Database,
  named: NamedCollection,
  { indexes: { expiry }, moment }: OpenedWith,
): DriverCollection {
  const { catalog } = database
  const { name } = named
  const target = targetOf(database, named, moment)
  const { place } = target
  return {
    expiry,
    plan: (query) => planRead(target, query),
    async write(writes, call) {
      // Not those of when the operation began: it may last longer than a catalogue.
      const indexes = await indexesOf(database, named, call)
      return sendWrites({ place, indexes }, writes, call)
    },
    count: (query, call) => countNatively(target, query, call),
    listIndexes: async (call) => [idIndex, ...(await catalog.list(name, call))],
    async createIndex(given, call) {
      const model = placedByBackend(given)
      if (isIndexThere(model, [])) return
      await catalog.create(name, model, { work: indexWork(place, model), context: call })
    },
    async dropIndex(index, call) {
      const found = (await catalog.list(name, call)).find((known) => known.name === index)
      return catalog.drop(name, index, { work: indexWork(place, found ?? {}), context: call })
    },
  }
}
