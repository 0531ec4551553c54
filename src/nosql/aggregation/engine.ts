import { assertOptions, must } from '../../core/assert-options.ts'
import { assertEvaluable } from '../query/assert-evaluable.ts'
import type { ExpressionEngine, PipelineOptions, Variables } from '../query/expression-engine.ts'
import type { Document } from '../query/value.ts'
import { compilePipeline } from './compile-pipeline.ts'
import { compileExpression } from './expression/compile.ts'
import { ExtentLimit } from './expression/array/growth.ts'
import { createScope, enterDocument, type Scope } from './expression/scope.ts'
import { Meter } from '../query/meter.ts'
import type { EachDocument, Run } from './stage.ts'

/** The defaults of `$$NOW` and `$rand`. */
export interface AggregationOptions {
  readonly now?: () => Date
  /** A random number in [0, 1). */
  readonly random?: () => number
}

/**
 * The aggregation engine: MongoDB's pipelines and expressions in this process. Pass it to a driver. Without it
 * `aggregate`, `$expr`, computed projections and pipeline updates fail with `UnsupportedOperationError`.
 *
 * Pipelines hold no more than their budget (`BudgetExceededError`), and run no code from data: `$where`, `$function` and
 * `$accumulator` are refused.
 *
 * @example
 * import { memory } from 'lexigram-edge/nosql/memory'
 * import { aggregation } from 'lexigram-edge/nosql/aggregation'
 *
 * const driver = memory({ aggregation: aggregation() })
 * @see https://www.mongodb.com/docs/manual/reference/operator/aggregation-pipeline/
 */
export function aggregation(defaults: AggregationOptions = {}): ExpressionEngine {
  const { now = () => new Date(), random = Math.random } = assertOptions(
    defaults,
    { now: must.beFunction, random: must.beFunction },
    'the options of aggregation',
  )
  const engine: ExpressionEngine = {
    expression(expression, { variables: names = [], meter, constant } = {}) {
      assertEvaluable(expression, '', meter)
      const evaluate = compileExpression(expression, { variables: names, meter, constant })
      const scopeFor = remembered((variables) => scopeOf(variables, meter))
      if (meter !== undefined) {
        return (document, variables) => evaluate(enterDocument(scopeFor(variables), document))
      }
      // Without a shared meter every evaluation has its own budget.
      return (document, variables) => evaluate(enterDocument(scopeOf(variables, new Meter()), document))
    },

    transform(stages, { variables: names = [], meter: given } = {}) {
      const meter = given ?? new Meter()
      const surroundings = { ...TOP, place: 'update', variables: names, engine, meter } as const
      const { stages: compiled } = compilePipeline(stages, surroundings)
      const transformFor = remembered((variables): EachDocument => {
        const run = createRun({ variables, meter: given }, clockOf(variables, now), random)
        const steps = compiled.flatMap(({ each }) => (each === undefined ? [] : [each(run)]))
        return (document) => {
          const { allocated } = run.meter
          const result = steps.reduce<Document>((made, step) => step(made) ?? made, document)
          // The caller checks and counts the size of the result.
          run.meter.release(allocated)
          return result
        }
      })
      return (document, variables) => transformFor(variables)(document) ?? document
    },

    pipeline(stages, options) {
      const moment = (options.now ?? now)()
      const makesOwn = Array.isArray(stages) && Object.hasOwn(Object(stages[0]), '$documents')
      const pipeline = compilePipeline(stages, {
        ...TOP,
        place: makesOwn ? 'database' : 'collection',
        variables: Object.keys(options.variables ?? {}),
        known: { ...options.variables, NOW: moment },
        engine,
        meter: options.meter ?? new Meter(),
      })
      return {
        leadingFilter: pipeline.leadingFilter,
        run(documents, { shares = false } = {}) {
          const run = createRun(options, moment, options.random ?? random)
          return pipeline.run(documents, { ...run, shares })
        },
      }
    },
  }
  return engine

  function scopeOf(variables: Variables | undefined, meter: Meter | undefined): Scope {
    return createScope({ now: clockOf(variables, now), random, variables: variables ?? {}, meter })
  }
}

const TOP = { depth: 0, metadata: new Set<string>(), inFacet: false, at: 'pipeline' } as const

function createRun(
  { variables, budget, meter, source, target }: PipelineOptions,
  now: Date,
  random: () => number,
): Run {
  return {
    now,
    random,
    variables: variables ?? {},
    meter: meter ?? new Meter({ ...budget, maxProduced: budget?.maxDocuments }),
    shares: false,
    growth: new ExtentLimit(),
    source,
    target,
  }
}

/** An update's `$$NOW` is one moment for all its documents: its caller sets it. */
function clockOf(variables: Variables | undefined, now: () => Date): Date {
  const given = variables?.['NOW']
  return given instanceof Date ? given : now()
}

/** Makes a value per set of variables, and remembers the last: callers pass the same set for each document. */
function remembered<T>(make: (variables: Variables | undefined) => T): (variables: Variables | undefined) => T {
  let last: { readonly variables: Variables | undefined; readonly made: T } | undefined
  return (variables) => {
    if (last === undefined || variables === undefined || last.variables !== variables)
      last = { variables, made: make(variables) }
    return last.made
  }
}
