import { assertMembers, assertOptions, must, type OptionCheck } from '../../core/assert-options.ts'
import type { RecordedMetric } from './recorded.ts'
import type { TestTracer } from './test-tracer.ts'

/** A metric that is expected: its name, and what else is said of it. */
export interface ExpectedMetric {
  readonly name: string
  /** Attributes that it must have; it may have others. @default any */
  readonly attributes?: Readonly<Record<string, string | number | boolean>>
  /** How many values were recorded. @default at least one */
  readonly count?: number
  /** What the values add up to. @default any */
  readonly sum?: number
}

const checks = {
  name: must.beText,
  attributes: must.bePlainObject,
  count: must.beWholeNumberFrom(0),
  sum: must.beNumber,
} satisfies Readonly<Record<keyof ExpectedMetric, OptionCheck>>

/**
 * Asserts that a metric was recorded, over all sets of attributes that fit.
 *
 * @returns the series that fit, each with its values
 * @throws Error with the recorded metrics printed
 * @example
 * import { expectMetric } from 'lexigram-edge/testing'
 *
 * expectMetric(tracer, { name: 'lexigram.batch.messages', attributes: { 'lexigram.batch.outcome': 'done' }, sum: 3 })
 */
export function expectMetric(tracer: TestTracer, expected: ExpectedMetric): readonly RecordedMetric[] {
  assertMembers(tracer, { metrics: must.beArray }, 'the tracer')
  const { name, attributes = {}, count, sum } = assertOptions(expected, checks, 'the expected metric')
  const found = tracer.metrics.filter(
    (metric) =>
      metric.name === name && Object.entries(attributes).every(([key, value]) => metric.attributes[key] === value),
  )
  const values = found.flatMap((metric) => metric.values)
  const fits =
    (count === undefined ? values.length > 0 : values.length === count) && (sum === undefined || total(values) === sum)
  if (fits) return found
  throw new Error(`no metric is ${JSON.stringify(expected)}:\n${print(tracer.metrics)}`)
}

function total(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0)
}

function print(metrics: readonly RecordedMetric[]): string {
  if (metrics.length === 0) return 'nothing was recorded'
  return metrics
    .map(
      ({ name, attributes, values }) =>
        `${name} ${JSON.stringify(attributes)}: ${values.length} values, ${total(values)} in all`,
    )
    .join('\n')
}
