import type { DriverContext, MaybePromise } from '../../contract/context.ts'
import type { DriverCollection } from '../../contract/driver-collection.ts'
import { idIndex, isIndexThere } from '../../contract/index-model.ts'
import type { OpenedCollections } from '../../contract/keep-opened.ts'
import type { IndexCatalog } from '../../optimistic/index-catalog.ts'
import { indexesOf, type KeptIndexes, type NamedCollection } from '../../optimistic/kept-indexes.ts'
import { factsOf } from '../../plan/facts.ts'
import { countNatively } from './reading/count.ts'
import { indexWork } from './indexes/index-work.ts'
import { modifyNatively } from './writing/modify.ts'
import type { Place } from './place.ts'
import { planRead } from './reading/reads.ts'
import { inTable, isTableMissing, makeTables, readOrNothing } from './missing-table.ts'
import type { Client } from './transport/transport.ts'
import type { TableStreams } from './streams/table-streams.ts'
import { sendWrites } from './writing/writes.ts'

/** What collections and transactions work on. */
export interface Database {
  readonly client: Client
  readonly catalog: IndexCatalog
  readonly opened: OpenedCollections
  /** Tables that are missing are created by the first write, for development. */
  readonly createTables: boolean
  /** Present where changes can be watched. */
  readonly streams: TableStreams | undefined
  readonly placeFor: (collection: string) => Place
}

/** At once where the indexes are known. */
export function openCollection(
  database: Database,
  named: NamedCollection,
  context: DriverContext,
): MaybePromise<DriverCollection> {
  const indexes = indexesOf(database, named, context)
  const open = (known: KeptIndexes) =>
    database.opened.get({ ...named, indexes: known }, () => collectionWith(database, named, known))
  return indexes instanceof Promise ? indexes.then(open) : open(indexes)
}

function collectionWith(database: Database, named: NamedCollection, { usable, expiry }: KeptIndexes): DriverCollection {
  const { catalog, createTables, placeFor, streams } = database
  const { name, spec } = named
  const place = placeFor(name)
  const target = { place, facts: factsOf(spec), indexes: usable }
  return {
    expiry,
    plan(query) {
      const plan = planRead(target, query)
      return createTables ? { ...plan, read: (call) => readOrNothing(plan.read(call)) } : plan
    },
    async write(writes, call) {
      // Not those of when the operation began: it may last longer than a catalogue.
      const send = async () => {
        const { kept } = await indexesOf(database, named, call)
        return sendWrites({ place, indexes: kept }, writes, call)
      }
      const outcomes = await send()
      const isMissing = outcomes.every((outcome) => outcome.kind === 'failed' && isTableMissing(outcome.error))
      if (!createTables || !isMissing) return outcomes
      await makeTables(database, [place], call)
      return send()
    },
    async count(query, call) {
      try {
        return await countNatively(target, query, call)
      } catch (error) {
        if (createTables && isTableMissing(error)) return 0
        throw error
      }
    },
    async modify(command, call) {
      const { kept } = await indexesOf(database, named, call)
      // An index entry holds the document, so that it must be written with it.
      if (kept.length > 0) return undefined
      const work = () => modifyNatively({ place, facts: target.facts }, command, call)
      return inTable(database, [place], { context: call, work })
    },
    listIndexes: async (call) => [idIndex, ...(await catalog.list(name, call))],
    async createIndex(model, call) {
      if (isIndexThere(model, [])) return
      place.assertIndexFits(model.name)
      const work = () => catalog.create(name, model, { work: indexWork(place), context: call })
      await inTable(database, [place], { context: call, work })
    },
    dropIndex: (index, call) => catalog.drop(name, index, { work: indexWork(place), context: call }),
    ...(streams !== undefined && {
      watch: (request, call) =>
        inTable(database, [place], { context: call, work: () => streams.watch(place, request, call) }),
    }),
  }
}
