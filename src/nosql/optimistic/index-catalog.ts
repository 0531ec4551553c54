import { wait } from '../../core/wait.ts'
import { within } from '../../core/time-limit.ts'
import type { DriverContext, MaybePromise } from '../contract/context.ts'
import type { IndexContext } from '../contract/driver-collection.ts'
import type { IndexModel, ListedIndex } from '../contract/index-model.ts'
import { isMaintained, isUsable, type CatalogIndex, type CatalogRecord, type CatalogStorage } from './catalog-record.ts'
import type { StepClock } from './index-lease.ts'
import { createInSteps, dropInSteps, type IndexWork } from './index-steps.ts'

export interface IndexCatalogOptions extends Partial<StepClock> {
  readonly storage: CatalogStorage<DriverContext>
  /** How long a catalogue is believed, in milliseconds. A state lasts three times as long. @default 5000 */
  readonly timeToLive?: number
}

/** The indexes of one collection, as far as they are known now. */
export interface KnownIndexes {
  /** What writers keep up; a unique one refuses duplicates although no reader may use it yet. */
  readonly maintained: readonly IndexModel[]
  /** What readers may use. */
  readonly usable: readonly IndexModel[]
}

/**
 * The indexes that live in the database, remembered in this process for a while. Make one per driver and database.
 *
 * An isolate may work with a catalogue that is as old as the time to live. Therefore an index goes through states, each
 * of which outlasts every catalogue that does not know it: writers keep an index from `writing` on, so that none misses a
 * document or lets a duplicate in by the time that the documents before are indexed; readers use it when it is `ready`.
 * Dropping goes the same way back. A process that moves an index on holds a lease; when the lease runs out, the next one resumes.
 *
 * @example
 * const catalog = indexCatalog({ storage })
 * const { maintained, usable } = await catalog.indexes('users', context)
 * await catalog.create('users', model, { work: { fill, activate, clear }, context })
 */
export interface IndexCatalog {
  /** Asks the database when what is known is too old; calls at one time share one question. At once where it is known. */
  indexes(collection: string, context: DriverContext): MaybePromise<KnownIndexes>
  list(collection: string, context: DriverContext): Promise<readonly ListedIndex[]>
  /**
   * Notes the indexes of a collection that is new: without documents there is nothing to index, so they are ready at once.
   * False when something is noted of it already.
   */
  declare(collection: string, models: readonly IndexModel[], context: DriverContext): Promise<boolean>
  /** @throws DuplicateKeyError what `work.fill` throws, after the index has been taken back */
  create(
    collection: string,
    model: IndexModel,
    task: { readonly work: IndexWork; readonly context: IndexContext },
  ): Promise<void>
  /** False when there was none. */
  drop(
    collection: string,
    name: string,
    task: { readonly work: IndexWork; readonly context: DriverContext },
  ): Promise<boolean>
  /** What is known of a collection is no longer true, for it was dropped. */
  forget(collection: string): void
}

/** A question to the database, and its answer when it is there. */
interface Question {
  readonly until: number
  readonly asked: Promise<KnownIndexes>
  answer: KnownIndexes | undefined
}

/** How long after it was asked a question of another call is waited for, in milliseconds. */
const longestJoin = 1000

export function indexCatalog(options: IndexCatalogOptions): IndexCatalog {
  const { storage, timeToLive = 5000, now = Date.now, sleep = wait, owner = crypto.randomUUID() } = options
  const known = new Map<string, Question>()
  const ask = (collection: string, context: DriverContext): Promise<KnownIndexes> => {
    const asked = storage.read(collection, context).then((answer) => knownOf(answer?.record ?? { indexes: [] }))
    const question: Question = { until: now() + timeToLive, asked, answer: undefined }
    known.set(collection, question)
    asked.then(
      (answer) => void (question.answer = answer),
      // A failure is not kept.
      () => known.get(collection) === question && known.delete(collection),
    )
    return asked
  }
  const clock: StepClock = { now, sleep, owner, stateLasts: 3 * timeToLive }
  const forget = (collection: string) => void known.delete(collection)
  return {
    indexes(collection, context) {
      const found = known.get(collection)
      if (found === undefined || found.until <= now()) return ask(collection, context)
      if (found.answer !== undefined) return found.answer
      // The caller that asked may have been aborted, or its request may have ended, with which its I/O ends on some runtimes.
      const left = Math.max(0, found.until - timeToLive + longestJoin - now())
      return within(found.asked, left, 'the catalogue of indexes').catch(() => ask(collection, context))
    },
    async list(collection, context) {
      const answer = await storage.read(collection, context)
      return (answer?.record.indexes ?? []).map(listed)
    },
    async declare(collection, models, context) {
      if ((await storage.read(collection, context)) !== undefined) return false
      const record = { indexes: models.map((model) => readyIndex(model, now())) }
      const isFirst = await storage.write(collection, { record, before: undefined }, context)
      forget(collection)
      return isFirst
    },
    async create(collection, model, { work, context }) {
      try {
        await createInSteps({ storage, clock, collection, context, changed: forget }, model, work)
      } finally {
        forget(collection)
      }
    },
    async drop(collection, name, { work, context }) {
      try {
        return await dropInSteps({ storage, clock, collection, context, changed: forget }, name, work)
      } finally {
        forget(collection)
      }
    },
    forget,
  }
}

function knownOf({ indexes }: CatalogRecord): KnownIndexes {
  return { maintained: modelsOf(indexes, isMaintained), usable: modelsOf(indexes, isUsable) }
}

function modelsOf(indexes: readonly CatalogIndex[], wanted: (index: CatalogIndex) => boolean): readonly IndexModel[] {
  return indexes.filter(wanted).map(({ model }) => model)
}

function readyIndex(model: IndexModel, since: number): CatalogIndex {
  return { model, state: 'ready', dropping: false, since, lease: undefined, cursor: undefined, documents: 0 }
}

function listed({ model, state }: CatalogIndex): ListedIndex {
  return state === 'ready' ? model : { ...model, state }
}
