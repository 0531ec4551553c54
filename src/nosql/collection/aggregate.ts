import { Cursor } from './cursor.ts'
import { assertPlainObject } from './checks/plain-object.ts'
import type { PipelineBudget } from '../query/expression-engine.ts'
import { requireEngine } from '../query/filter/parse-expression.ts'
import type { Document } from '../query/value.ts'
import { open, type CollectionScope } from './collection-scope.ts'
import { deferErrors, copyForCaller } from './find.ts'
import { checkOptions, type OperationOptions } from './checks/operation-options.ts'
import { meterOf } from './operation-meter.ts'
import { pipelineSource, pipelineTarget } from './pipeline-io.ts'
import { parseQuery } from './question.ts'
import { readPages } from './read.ts'

export interface AggregateOptions extends OperationOptions {
  /** What the stages may make and hold; `budget` is about what is read. */
  readonly pipelineBudget?: PipelineBudget | undefined
}

export function aggregate(
  scope: CollectionScope,
  stages: readonly Readonly<Record<string, unknown>>[],
  given: AggregateOptions,
): Cursor<Document> {
  return new Cursor(
    deferErrors(() => {
      const { pipelineBudget, ...options } = assertPlainObject(given, 'options')
      checkOptions(options, [])
      const { session, name } = scope
      const { store } = session
      const { aggregation, capabilities } = store.backend
      // A backend with pipelines of its own needs no engine here.
      const engine = capabilities.evaluates === 'server' ? aggregation : requireEngine(aggregation, 'aggregate')
      const { maxDocuments: maxProduced, ...budget } = pipelineBudget ?? {}
      const meter = meterOf(scope, { ...options, budget: { ...options.budget, ...budget } }, { maxProduced })
      const metered = { ...options, meter }
      const plan = engine?.pipeline(stages, {
        collection: name,
        meter,
        variables: options.let,
        source: pipelineSource(scope, metered),
        target: session.transactional ? undefined : pipelineTarget(scope),
        now: () => new Date(store.clock()),
        random: store.random,
      })
      const reading = parseQuery(scope, plan?.leadingFilter ?? {}, metered)
      return async function* pages() {
        const collection = await open(scope, options)
        const request = { pipeline: stages, let: options.let }
        const native = await collection.aggregate?.(request, store.context(options))
        if (native !== undefined) {
          for await (const page of native) yield page.documents
          return
        }
        const local = plan ?? requireEngine(undefined, 'aggregate').pipeline(stages, {})
        const shares = collection.returnsOwnDocuments === true
        const out = copyForCaller(shares)
        const input = documents(readPages({ ...scope, options }, collection, reading))
        for await (const batch of local.run(input, { shares })) yield batch.map(out)
      }
    }),
  )
}

async function* documents(
  pages: AsyncIterable<readonly { readonly document: Document }[]>,
): AsyncGenerator<readonly Document[], void> {
  for await (const page of pages) yield page.map(({ document }) => document)
}
