import type { DriverContext } from '../../contract/context.ts'
import type { DriverCollection } from '../../contract/driver-collection.ts'
import { idIndex, isIndexThere, placedByBackend } from '../../contract/index-model.ts'
import type { IndexCatalog } from '../../optimistic/index-catalog.ts'
import { indexesOf, type NamedCollection } from '../../optimistic/kept-indexes.ts'
import { factsOf } from '../../plan/facts.ts'
import { indexWork } from './indexes/index-work.ts'
import type { Moment } from './reading/moment.ts'
import { placeOf } from './place.ts'
import { countNatively } from './reading/count.ts'
import { runCountPipeline } from './reading/count-pipeline.ts'
import { groupCollection } from './reading/group.ts'
import { planRead } from './reading/reads.ts'
import type { Transport } from './transport.ts'
import { sendWrites } from './writing/writes.ts'

/** What collections and transactions work on. */
export interface Database {
  readonly transport: Transport
  readonly catalog: IndexCatalog
  /** Other programs add documents. */
  readonly otherWriters: boolean
}

/** @param named with the moment that all reads see, within a transaction */
export async function openCollection(
  database: Database,
  { moment, ...named }: NamedCollection & { readonly moment?: Moment },
  context: DriverContext,
): Promise<DriverCollection> {
  const { transport, catalog, otherWriters } = database
  const { name, spec } = named
  const place = placeOf(transport, name)
  const target = { place, facts: factsOf(spec), otherWriters, moment }
  if (place.isGroup) return groupCollection(target)
  const { expiry } = await indexesOf(database, named, context)
  return {
    expiry,
    plan: (query) => planRead(target, query),
    async write(writes, call) {
      // Not those of when the operation began: it may last longer than a catalogue.
      const indexes = await indexesOf(database, named, call)
      return sendWrites({ place, indexes }, writes, call)
    },
    count: (query, call) => countNatively(target, query, call),
    aggregate: (request, call) => runCountPipeline(target, request, call),
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
