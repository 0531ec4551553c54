import { isDocument, type Document, type Value } from '../../query/value.ts'
import { compareValues } from '../../query/compare.ts'
import { sortSteps } from '../../query/meter.ts'
import { fail } from '../expression/failure.ts'
import { enterDocument, type Evaluate } from '../expression/scope.ts'
import { createRunScope } from '../run-scope.ts'
import { holdInput, inBatches, type Batches, type ParseStage, type Run } from '../stage.ts'
import { stageFields } from '../stage-argument.ts'
import { checkGroupBy, parseOutput } from './bucket.ts'
import { Group, type Accumulation } from './group.ts'
import { nextBoundary, previousBoundary, type Granularity, isGranularity } from './preferred-numbers.ts'

interface AutoBuckets {
  readonly groupBy: Evaluate
  readonly buckets: number
  readonly granularity: Granularity | undefined
  readonly accumulations: readonly Accumulation[]
}

interface Entry {
  /** In the input: accumulators meet documents in that order. */
  readonly position: number
  readonly value: Value
  readonly document: Document
}

/** `$bucketAuto`: ranges that hold about as many documents each. */
export const parseBucketAuto: ParseStage = (argument, context, name) => {
  const fields = stageFields(argument, name, { optional: ['groupBy', 'buckets', 'output', 'granularity'] })
  const { groupBy, buckets, granularity } = fields
  if (groupBy === undefined || buckets === undefined) return fail(40246, `${name} must have groupBy and buckets`)
  checkGroupBy(groupBy, name)
  const plan: AutoBuckets = {
    groupBy: context.expression(groupBy),
    buckets: bucketCount(buckets, name),
    granularity: granularity === undefined ? undefined : readGranularity(granularity, name),
    accumulations: parseOutput(emptyAsAbsent(fields['output']), context, name),
  }
  if (plan.accumulations.some((accumulation) => accumulation.plan.perGroup))
    fail(4544714, `an n in the output of ${name} must be a constant`)
  return { name, run: (input, run) => bucketAuto(input, plan, run) }
}

/** Unlike `$bucket`, an empty output counts. */
function emptyAsAbsent(output: unknown): unknown {
  return isDocument(output) && Object.keys(output).length === 0 ? undefined : output
}

function bucketCount(value: unknown, name: string): number {
  if (typeof value !== 'number' && typeof value !== 'bigint') return fail(40241, `buckets of ${name} must be a number`)
  const count = Number(value)
  if (!Number.isInteger(count) || Math.abs(count) > 0x7fff_ffff)
    fail(40242, `buckets of ${name} must be a 32-bit integer`)
  return count > 0 ? count : fail(40243, `buckets of ${name} must be above 0`)
}

function readGranularity(value: unknown, name: string): Granularity {
  if (typeof value !== 'string') return fail(40261, `granularity of ${name} must be a string`)
  return isGranularity(value) ? value : fail(40257, `granularity of ${name} must be a known series`)
}

const BYTES_OF_AN_ENTRY = 64
const STEPS_OF_A_COMPARISON = 3

async function* bucketAuto(input: Batches, plan: AutoBuckets, run: Run): Batches {
  const scope = createRunScope(run)
  const entries: Entry[] = []
  for await (const batch of input) {
    for (const document of batch) {
      holdInput(document, run)
      const { allocated } = run.meter
      const value = plan.groupBy(enterDocument(scope, document)) ?? null
      run.meter.release(allocated)
      run.meter.hold(value)
      run.meter.holdBytes(BYTES_OF_AN_ENTRY)
      if (plan.granularity !== undefined) checkNumber(value)
      entries.push({ position: entries.length, value, document })
    }
    if (run.meter.tired) await run.meter.rest()
  }
  run.meter.work(sortSteps(entries.length) * STEPS_OF_A_COMPARISON)
  entries.sort((a, b) => compareValues(a.value, b.value, run.meter))
  yield* inBatches(fillBuckets(entries, plan, run), run.meter)
}

function checkNumber(value: Value): void {
  if (typeof value !== 'number' && typeof value !== 'bigint') {
    fail(40258, 'groupBy of $bucketAuto with a granularity must be a number')
  }
  if (Number.isNaN(Number(value))) fail(40259, 'groupBy of $bucketAuto with a granularity must not be NaN')
  if (value < 0) fail(40260, 'groupBy of $bucketAuto with a granularity must not be negative')
}

interface Range {
  readonly from: number
  readonly to: number
  readonly min: Value
  readonly max: Value
}

function* fillBuckets(entries: readonly Entry[], plan: AutoBuckets, run: Run): Iterable<Document> {
  const scope = createRunScope(run)
  const scopes = { run, scope: createRunScope(run) }
  for (const { from, to, min, max } of ranges(entries, plan)) {
    const group = new Group(null, plan.accumulations, scopes)
    run.meter.work(sortSteps(to - from) + (to - from) * (2 + 4 * plan.accumulations.length))
    for (const { document } of entries.slice(from, to).sort((a, b) => a.position - b.position)) {
      enterDocument(scope, document)
      group.add(plan.accumulations, scope)
    }
    yield group.result(plan.accumulations, { min, max })
  }
}

/** Where each bucket begins and ends: equal values stay together, the last bucket takes the rest. */
function* ranges(entries: readonly Entry[], { buckets, granularity }: AutoBuckets): Iterable<Range> {
  const size = Math.max(1, Math.floor(entries.length / buckets + 0.5))
  const valueAt = (at: number): Value | undefined => entries[at]?.value
  let previousMax: Value | undefined
  for (let from = 0, made = 1; from < entries.length && made <= buckets; made++) {
    let to = made === buckets ? entries.length : Math.min(entries.length, from + size)
    const highest = valueAt(to - 1) ?? null
    const bound = granularity === undefined ? undefined : nextBoundary(Number(highest), granularity)
    while (to < entries.length && belongs(valueAt(to) ?? null, highest, bound)) to++
    const next = valueAt(to)
    const max: Value = granularity === undefined ? (next ?? highest) : upperBound(bound ?? 0, next, granularity)
    const first = valueAt(from) ?? null
    yield {
      from,
      to,
      min: granularity === undefined ? first : (previousMax ?? previousBoundary(Number(first), granularity)),
      max,
    }
    previousMax = max
    from = to
  }
}

function belongs(value: Value, highest: Value, bound: number | undefined): boolean {
  return compareValues(value, highest) === 0 || (bound !== undefined && compareValues(value, bound) < 0)
}

/** A bucket of zeros ends where the next one begins. */
function upperBound(bound: number, next: Value | undefined, granularity: Granularity): number {
  return bound === 0 && next !== undefined ? previousBoundary(Number(next), granularity) : bound
}
