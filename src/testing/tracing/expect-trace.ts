import { assertMembers, assertOptions, must, type OptionCheck } from '../../core/assert-options.ts'
import type { RecordedSpan } from './recorded.ts'
import type { TestTracer } from './test-tracer.ts'
import { printTrace } from './print-trace.ts'

/** A span that is expected: its name, and what else is said of it. */
export interface ExpectedSpan {
  readonly name: string
  /** Attributes that it must have; it may have others. @default any */
  readonly attributes?: Readonly<Record<string, string | number | boolean>>
  /** `error.type`, or null for one that has not failed. @default either */
  readonly failure?: string | null
  /** Spans that must be among its parts, in this order. @default any */
  readonly children?: readonly ExpectedSpan[]
}

/**
 * Asserts that a trace was recorded, and that every span of it has ended: what hangs, or was forgotten, is found.
 *
 * @returns the root of the first trace that fits
 * @throws Error with the recorded traces printed
 * @example
 * import { expectTrace } from 'lexigram-edge/testing'
 *
 * expectTrace(tracer, { name: 'GET /orders/:id', children: [{ name: 'SELECT orders' }] })
 */
export function expectTrace(tracer: TestTracer, expected: ExpectedSpan): RecordedSpan {
  assertMembers(tracer, { roots: must.beArray }, 'the tracer')
  assertExpected(expected)
  const found = tracer.roots.find((root) => fits(root, expected))
  if (found === undefined) throw new Error(`no trace is ${JSON.stringify(expected)}:\n${print(tracer.roots, expected)}`)
  const open = openSpans(found)
  if (open.length > 0) throw new Error(`spans have not ended: ${open.join(', ')}\n${print([found], expected)}`)
  return found
}

const checks = {
  name: must.beText,
  attributes: must.bePlainObject,
  failure: { expected: 'text or null', holds: (value) => value === null || must.beText.holds(value) },
  children: must.beArray,
} satisfies Readonly<Record<keyof ExpectedSpan, OptionCheck>>

/** A misspelled expectation would hold for every trace. */
function assertExpected(expected: ExpectedSpan): void {
  assertOptions(expected, checks, 'the expected span')
  expected.children?.forEach(assertExpected)
}

function fits(span: RecordedSpan, { name, attributes = {}, failure, children = [] }: ExpectedSpan): boolean {
  if (span.name !== name) return false
  if (failure !== undefined && (span.failure ?? null) !== failure) return false
  if (Object.entries(attributes).some(([key, value]) => span.attributes[key] !== value)) return false
  let from = 0
  return children.every((child) => {
    const at = span.children.findIndex((candidate, index) => index >= from && fits(candidate, child))
    from = at + 1
    return at >= 0
  })
}

function openSpans({ name, ended, children }: RecordedSpan): string[] {
  return [...(ended ? [] : [name]), ...children.flatMap(openSpans)]
}

function print(roots: readonly RecordedSpan[], expected: ExpectedSpan): string {
  return roots.length === 0 ? 'nothing was recorded' : printTrace(roots, attributesOf(expected))
}

function attributesOf({ attributes = {}, children = [] }: ExpectedSpan): string[] {
  return [...new Set([...Object.keys(attributes), ...children.flatMap(attributesOf)])]
}
