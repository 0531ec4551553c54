import { isDocument, type Document, type Value } from '../../query/value.ts'
import { typeClass } from '../../query/value.ts'
import { compareValues } from '../../query/compare.ts'
import { fail } from '../expression/failure.ts'
import { constantValue, enterDocument, type Evaluate } from '../expression/scope.ts'
import { createRunScope } from '../run-scope.ts'
import { inBatches, type Batches, type ParseStage, type Run, type StageContext } from '../stage.ts'
import { stageFields } from '../stage-argument.ts'
import { Group, parseAccumulations, type Accumulation } from './group.ts'

interface Buckets {
  readonly groupBy: Evaluate
  readonly boundaries: readonly Value[]
  readonly fallback: { readonly id: Value } | undefined
  readonly accumulations: readonly Accumulation[]
}

/** `$bucket`: a document per range of values that holds any. */
export const parseBucket: ParseStage = (argument, context, name) => {
  const fields = stageFields(argument, name, { optional: ['groupBy', 'boundaries', 'default', 'output'] })
  const { groupBy, boundaries } = fields
  if (groupBy === undefined || boundaries === undefined) return fail(40198, `${name} must have groupBy and boundaries`)
  checkGroupBy(groupBy, name)
  const limits = readBoundaries(boundaries, context, name)
  const fallback = readDefault(fields['default'], context, { name, limits })
  const buckets: Buckets = {
    groupBy: context.expression(groupBy),
    boundaries: limits,
    fallback,
    accumulations: parseOutput(fields['output'], context, name),
  }
  return { name, run: (input, run) => bucket(input, buckets, { name, run }) }
}

/** A path or an expression object: a constant would put everything into one bucket. */
export function checkGroupBy(groupBy: unknown, name: string): void {
  const isPath = typeof groupBy === 'string' && groupBy.startsWith('$')
  const isExpression = isDocument(groupBy) && Object.keys(groupBy).some((key) => key.startsWith('$'))
  if (!isPath && !isExpression) fail(40202, `groupBy of ${name} must be a field path or an expression`)
}

export function parseOutput(output: unknown, context: StageContext, name: string): readonly Accumulation[] {
  if (output === undefined) return parseAccumulations({ count: { $sum: 1 } }, context)
  if (!isDocument(output)) return fail(40196, `output of ${name} must be an object`)
  if (Object.hasOwn(output, '_id')) fail(40197, `output of ${name} must not have an _id`)
  return parseAccumulations(output, context)
}

function readBoundaries(boundaries: unknown, context: StageContext, name: string): readonly Value[] {
  if (!Array.isArray(boundaries)) return fail(40200, `boundaries of ${name} must be an array`)
  if (boundaries.length < 2) fail(40192, `boundaries of ${name} must have at least two values`)
  const values = boundaries.map((boundary) => constantOf(boundary, context, `a boundary of ${name}`))
  for (const [index, value] of values.entries()) {
    const before = values[index - 1]
    if (before === undefined) continue
    if (typeClass(before) !== typeClass(value)) fail(40193, `boundaries of ${name} must be of one type`)
    if (compareValues(before, value) >= 0) fail(40194, `boundaries of ${name} must be in ascending order`)
  }
  return values
}

function readDefault(
  value: unknown,
  context: StageContext,
  { name, limits }: { readonly name: string; readonly limits: readonly Value[] },
): Buckets['fallback'] {
  if (value === undefined) return undefined
  const id = constantOf(value, context, `default of ${name}`)
  if (compareValues(id, limits[0]) >= 0 && compareValues(id, limits.at(-1)) < 0) {
    fail(40199, `default of ${name} must lie outside the boundaries`)
  }
  return { id }
}

function constantOf(expression: unknown, context: StageContext, what: string): Value {
  const evaluate = context.expression(expression)
  if (!evaluate.constant) return fail(40191, `${what} must be a constant`)
  return constantValue(evaluate) ?? null
}

interface Where {
  readonly name: string
  readonly run: Run
}

async function* bucket(input: Batches, buckets: Buckets, { name, run }: Where): Batches {
  const { groupBy, boundaries, fallback, accumulations } = buckets
  const groups: (Group | undefined)[] = Array.from({ length: boundaries.length })
  const scope = createRunScope(run)
  const scopes = { run, scope: createRunScope(run) }
  const { meter } = run
  for await (const batch of input) {
    const { allocated } = meter
    meter.work(batch.length * (STEPS_OF_A_DOCUMENT + accumulations.length * STEPS_OF_AN_ACCUMULATOR))
    for (const document of batch) {
      const at = position(groupBy(enterDocument(scope, document)) ?? null, buckets, name)
      const id = at === boundaries.length - 1 ? fallback?.id : boundaries[at]
      const found = (groups[at] ??= new Group(id ?? null, accumulations, scopes))
      found.add(accumulations, scope)
      meter.release(allocated)
      if (meter.tired) await meter.rest()
    }
  }
  const made = groups.filter((found) => found !== undefined).sort((a, b) => compareValues(a.id, b.id))
  yield* inBatches(
    made.map((found): Document => found.result(accumulations)),
    meter,
  )
}

/** A bucket is found by halving. */
const STEPS_OF_A_DOCUMENT = 60
const STEPS_OF_AN_ACCUMULATOR = 4

/** Which bucket a value belongs to; the place of the last boundary is the default's. */
function position(value: Value, { boundaries, fallback }: Buckets, name: string): number {
  const last = boundaries.length - 1
  const at = lastNotAbove(boundaries, value)
  if (at >= 0 && at < last) return at
  return fallback === undefined
    ? fail(7157600, `${name} cannot place a value: it is outside the boundaries and there is no default`)
    : last
}

/** The place of the last boundary that is not above a value, or -1. */
function lastNotAbove(boundaries: readonly Value[], value: Value): number {
  let low = 0
  let high = boundaries.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (compareValues(boundaries[middle], value) <= 0) low = middle + 1
    else high = middle
  }
  return low - 1
}
