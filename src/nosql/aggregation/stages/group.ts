import { objectSize, objectSteps } from '../../query/approximate-size.ts'
import type { Meter } from '../../query/meter.ts'
import { isDocument, type Document, type Value } from '../../query/value.ts'
import type { Accumulator, AccumulatorPlan } from '../accumulator.ts'
import { parseAccumulation } from '../accumulators/accumulators.ts'
import { fail } from '../expression/failure.ts'
import { isObject } from '../expression/kinds.ts'
import { enterDocument, type Evaluate, type Scope } from '../expression/scope.ts'
import { createRunScope } from '../run-scope.ts'
import { inBatches, type Batches, type ParseStage, type Run, type StageContext } from '../stage.ts'
import { keyBytes, valueKey } from '../../query/value-key.ts'

/** A field of the output and how it accumulates. */
export interface Accumulation {
  readonly field: string
  readonly plan: AccumulatorPlan
}

/** `$group`: a document per distinct `_id`, in the order in which they are met. */
export const parseGroup: ParseStage = (argument, context, name) => {
  if (!isDocument(argument)) return fail(15947, `the argument of ${name} must be an object`)
  if (!Object.hasOwn(argument, '_id')) return fail(15955, `${name} must have an _id`)
  const id = context.expression(checkId(argument['_id'], name))
  const accumulations = parseAccumulations(argument, context)
  return { name, run: (input, run) => group(input, { id, accumulations }, run) }
}

/** In `{ a: 1 }` the 1 looks like a projection's, so it is refused; `{ a: { $literal: 1 } }` is a constant. */
function checkId(id: unknown, name: string): unknown {
  for (const value of isDocument(id) ? Object.values(id) : []) {
    if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') {
      const operator = isDocument(id) && Object.keys(id)[0]?.startsWith('$')
      if (operator !== true) fail(17390, `the _id of ${name} cannot include fields like a projection`)
    }
  }
  return id
}

export function parseAccumulations(fields: Readonly<Record<string, unknown>>, context: StageContext): Accumulation[] {
  return Object.entries(fields)
    .filter(([field]) => field !== '_id')
    .map(([field, value]) => ({ field, plan: parseAccumulation(field, value, context) }))
}

interface Grouping {
  readonly id: Evaluate
  readonly accumulations: readonly Accumulation[]
}

/** The accumulators of one group, in the order of the specification. */
export class Group {
  readonly id: Value
  readonly #accumulators: Accumulator<unknown>[]

  constructor(id: Value, accumulations: readonly Accumulation[], run: { readonly run: Run; readonly scope: Scope }) {
    this.id = id
    if (accumulations.length > 0) enterDocument(run.scope, isObject(id) ? id : {})
    this.#accumulators = accumulations.map(({ plan }) => plan.create(run.scope, run.run.meter))
  }

  /** The scope must be in the document. */
  add(accumulations: readonly Accumulation[], scope: Scope): void {
    for (let index = 0; index < accumulations.length; index++) {
      this.#accumulators[index]?.add(accumulations[index]?.plan.input(scope))
    }
  }

  result(accumulations: readonly Accumulation[], id: Value = this.id): Document {
    const output: Record<string, Value> = { _id: id }
    for (let index = 0; index < accumulations.length; index++) {
      const value = this.#accumulators[index]?.result()
      if (value !== undefined) output[accumulations[index]?.field ?? ''] = value
    }
    return output
  }
}

async function* group(input: Batches, { id, accumulations }: Grouping, run: Run): Batches {
  const groups = new Map<unknown, Group>()
  const scope = createRunScope(run)
  const scopes = { run, scope: createRunScope(run) }
  const { meter } = run
  for await (const batch of input) {
    const { allocated } = meter
    meter.work(batch.length * (STEPS_OF_A_DOCUMENT + accumulations.length * STEPS_OF_AN_ACCUMULATOR))
    for (const document of batch) {
      enterDocument(scope, document)
      const value = id(scope) ?? null
      const key = valueKey(value, meter)
      let found = groups.get(key)
      if (found === undefined) {
        meter.hold(value)
        meter.holdBytes(keyBytes(key) + BYTES_OF_AN_ACCUMULATOR * (accumulations.length + 1))
        found = new Group(value, accumulations, scopes)
        groups.set(key, found)
      }
      found.add(accumulations, scope)
      meter.release(allocated)
      if (meter.tired) await meter.rest()
    }
  }
  yield* inBatches(results(groups.values(), accumulations, meter), meter)
}

const STEPS_OF_A_DOCUMENT = 8
const STEPS_OF_AN_ACCUMULATOR = 4
const BYTES_OF_AN_ACCUMULATOR = 64

function* results(groups: Iterable<Group>, accumulations: readonly Accumulation[], meter: Meter): Iterable<Document> {
  for (const found of groups) {
    meter.work(objectSteps(accumulations.length + 1))
    meter.allocate(objectSize(accumulations.length + 1))
    yield found.result(accumulations)
  }
}
