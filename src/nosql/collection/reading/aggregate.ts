import { wrapReadErrors } from '../../../core/plain-object.ts'
import { isThenable } from '../../../core/time-limit.ts'
import type { DriverCollection } from '../../contract/driver-collection.ts'
import { UsageError } from '../../../core/errors.ts'
import { UnsupportedOperationError } from '../../errors.ts'
import { copyGiven } from '../../query/copy-given.ts'
import { assertEvaluable, assertStages } from '../../query/assert-evaluable.ts'
import type { PipelineBudget } from '../../query/expression-engine.ts'
import { cannotRead } from '../../query/refusal.ts'
import { requireEngine } from '../../query/filter/parse-expression.ts'
import type { Document } from '../../query/value.ts'
import { inTurns } from '../../store/transaction-session.ts'
import { checkOptions, type QueryOptions } from '../checks/operation-options.ts'
import { vendorQueryOf } from '../checks/vendor-query.ts'
import { assertArray } from '../checks/assert-array.ts'
import { type CollectionScope, confinePipeline, open, unconfined } from '../collection-scope.ts'
import type { LooseObject } from '../types/filter.ts'
import { checkedAtOnce, Cursor } from './cursor.ts'
import { livingSource } from '../expiry/expiry.ts'
import { pipelineSource, pipelineTarget } from './pipeline-io.ts'
import { tracedReading } from '../tracing/traced-reading.ts'
import { type ParsedQuery, parseQuery, variablesOf } from './parsed-query.ts'
import { assertServable, isBounding } from './servable.ts'
import { countInBackend } from './counting-pipeline.ts'
import { allowPipeline } from './allow-pipeline.ts'
import { copyForCaller, planOf, type ReadContext, readPages, sharesDocuments } from './read.ts'
import { withShortLongs } from './short-longs.ts'
import { documentsLeft, meterOf, noSpending, payForAnswer, readCall, spend, type MeteredOptions } from '../spending.ts'

/** Options of `aggregate`. */
export interface AggregateOptions extends QueryOptions {
  /**
   * What the stages may make and hold; `budget` is about what is read.
   *
   * @throws UnsupportedOperationError where the server runs the pipeline
   */
  readonly pipelineBudget?: PipelineBudget | undefined
  /**
   * What 64-bit integers are in the result. Those beyond the safe range of numbers are always `bigint`.
   *
   * @default 'number'
   */
  readonly longs?: 'number' | 'bigint' | undefined
}

type Stages = readonly LooseObject[]

export function aggregate(asked: CollectionScope, pipeline: Stages, given: AggregateOptions): Cursor<Document> {
  const checked = checkedAtOnce(() => {
    checkOptions(given, ['pipelineBudget', 'longs', 'mongodb'])
    const mongodb = given.mongodb === undefined ? undefined : vendorQueryOf(asked, given.mongodb, 'aggregate')
    const { pipelineBudget, longs = 'number', ...options } = given
    assertLongs(longs)
    const stages = confinedStages(asked, assertArray(pipeline, 'a pipeline'))
    const { span } = asked.session
    const reading = span && tracedReading(asked, 'aggregate', span)
    const scope = unconfined(reading?.scope ?? asked)
    const { evaluates } = scope.session.store.backend.capabilities
    const pages =
      evaluates === 'server'
        ? serverPages(scope, stages, { ...options, pipelineBudget, mongodb })
        : enginePages(scope, { stages, options, pipelineBudget })
    const read = longs === 'bigint' ? pages : () => withNumbers(pages())
    return reading === undefined ? read : reading.traced(read)
  })
  return new Cursor(() => checked()())
}

/** A copy of the stages: what a confinement has checked is what runs, whatever a getter says the next time. */
function confinedStages(scope: CollectionScope, given: Stages): Stages {
  return wrapReadErrors(
    () => confinePipeline(scope, copyGiven(given) as Stages), // the engine checks what each of them is
    (cause) => cannotRead(cause, 'a pipeline', ''),
  )
}

function assertLongs(longs: unknown): void {
  if (longs !== 'number' && longs !== 'bigint') throw new UsageError("'longs' must be 'number' or 'bigint'")
}

async function* withNumbers(pages: AsyncIterable<readonly Document[]>): AsyncGenerator<readonly Document[], void> {
  for await (const page of pages) yield page.map(withShortLongs)
}

interface Request {
  readonly stages: Stages
  readonly options: QueryOptions
  readonly pipelineBudget: PipelineBudget | undefined
}

/** The pipeline runs here, on the documents of its leading `$match`, unless the driver has a way for all of it. */
function enginePages(scope: CollectionScope, { stages, options, pipelineBudget }: Request) {
  const { session, name } = scope
  const { store } = session
  const { maxDocuments: maxProduced, ...budget } = pipelineBudget ?? {}
  const meter = meterOf(scope, { ...options, budget: { ...options.budget, ...budget } }, { maxProduced })
  const metered = { ...options, meter }
  const plan = wrapReadErrors(
    () =>
      requireEngine(store.backend.aggregation, 'aggregate').pipeline(stages, {
        collection: name,
        meter,
        variables: options.let,
        source: pipelineSource(scope, metered),
        target: session.transactional ? undefined : pipelineTarget(scope, metered),
        now: () => new Date(store.clock()),
        random: store.random,
      }),
    (cause) => cannotRead(cause, 'a pipeline', ''),
  )
  const reading = parseQuery(scope, plan.leadingFilter ?? {}, metered)
  return async function* pages(): AsyncGenerator<readonly Document[], void> {
    const collection = await open(scope, options)
    const counted = isBounding(pipelineBudget)
      ? undefined
      : await countInBackend(scope, collection, { stages, options: metered })
    if (counted !== undefined) return yield counted
    const native = await ownPages({ ...scope, options: metered }, collection, { stages, reading, pipelineBudget })
    if (native !== undefined) return yield* native
    const shares = sharesDocuments(session, collection)
    const out = copyForCaller(collection.returnsOwnDocuments === true)
    const input = documents(readPages({ ...scope, options }, collection, reading))
    for await (const batch of plan.run(input, { shares })) yield batch.map(out)
  }
}

/** The driver's own way for a pipeline that the engine could run: it holds nothing here, and does not say what it reads. */
async function ownPages(
  context: ReadContext & { readonly options: MeteredOptions },
  collection: DriverCollection,
  { stages, reading, pipelineBudget }: Pick<Request, 'stages' | 'pipelineBudget'> & { readonly reading: ParsedQuery },
): Promise<AsyncIterable<readonly Document[]> | undefined> {
  const readsHere = isBounding(pipelineBudget) || documentsLeft(context) !== Infinity
  if (collection.aggregate === undefined || readsHere || (stages[0] && '$documents' in stages[0])) return undefined
  await planOf(context, collection, reading)
  return nativePages(context, collection, stages)
}

/** The server runs the pipeline; here it is checked by its shape. */
function serverPages(scope: CollectionScope, asked: Stages, { pipelineBudget, ...options }: AggregateOptions) {
  assertServable({ ...scope, options }, pipelineBudget)
  const first = options.mongodb?.stages ?? []
  for (const part of [asked, first]) {
    assertStages(part, false)
    assertEvaluable(part, 'pipeline')
  }
  const stages = [...first, ...asked]
  const variables = options.let === undefined ? options : { ...options, let: withoutNow(variablesOf(scope, options)) }
  const written = stages.find((stage) => '$out' in stage || '$merge' in stage)
  if (written !== undefined && scope.session.transactional) {
    throw new UnsupportedOperationError(`${Object.keys(written)[0]} cannot run within a transaction`)
  }
  const context = { ...scope, options: { ...variables, meter: meterOf(scope, options) } }
  return async function* pages(): AsyncGenerator<readonly Document[], void> {
    const collection = await open(scope, options)
    await allowPipeline(context, collection, stages)
    const native = await nativePages(context, collection, stages)
    if (native !== undefined) return yield* native
    yield* enginePages(scope, { stages, options, pipelineBudget })()
  }
}

async function nativePages(
  context: ReadContext & { readonly options: MeteredOptions & QueryOptions },
  collection: DriverCollection,
  stages: Stages,
): Promise<AsyncIterable<readonly Document[]> | undefined> {
  const { session, options } = context
  const meter = meterOf(context, options)
  const call = readCall(context, options)
  const { expiry = [] } = collection
  const pipeline = expiry.length === 0 ? stages : afterSource(stages, { $match: livingSource(expiry, call.now) })
  const asked = collection.aggregate?.({ pipeline, let: options.let, mongodb: options.mongodb }, call)
  const pages = isThenable(asked) ? await asked : asked
  if (pages === undefined) return undefined
  return (async function* charged() {
    const spending = context.spending ?? noSpending()
    for await (const page of session.transactional ? inTurns(session, pages) : pages) {
      spend(spending, context, page)
      payForAnswer(context, meter, page.documents)
      yield page.documents
      options.signal?.throwIfAborted()
    }
  })()
}

/** Stages that must be the first of their pipeline. */
const sources: ReadonlySet<string> = new Set(['$geoNear', '$search', '$searchMeta', '$vectorSearch', '$documents'])

function afterSource(stages: Stages, stage: Stages[number]): Stages {
  const [first] = stages
  const at = first !== undefined && Object.keys(first).some((name) => sources.has(name)) ? 1 : 0
  return stages.toSpliced(at, 0, stage)
}

/** `$$NOW` is the server's own, and a variable of this name would be refused. */
function withoutNow(variables: Readonly<Record<string, Document[string]>>): Document {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => name !== 'NOW'))
}

async function* documents(
  pages: AsyncIterable<readonly { readonly document: Document }[]>,
): AsyncGenerator<readonly Document[], void> {
  for await (const page of pages) yield page.map(({ document }) => document)
}
