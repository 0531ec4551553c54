import { columnsOf, percentile } from './percentile.ts'
import { repeatsIn } from './repeats.ts'
import { shapeOf, type Shape } from './shape.ts'
import type { StoredTrace } from './trace-store.ts'

/** The calls of one shape, in the traces that are kept. */
export interface StatementGroup extends Shape {
  readonly count: number
  readonly failures: number
  /** Milliseconds of all calls together. */
  readonly total: number
  readonly p50: number
  readonly p95: number
  readonly max: number
  /** How many calls each column of the plot has. */
  readonly columns: readonly number[]
  /** Rows that came back, or documents that were scanned, where calls said so. */
  readonly rows?: number
  /** In how many requests or jobs it is repeated as N + 1. */
  readonly repeatedIn: number
  readonly scans: boolean
  /** Requests or jobs that have it, the slowest call first. */
  readonly examples: readonly string[]
}

const mostExamples = 5

interface Group {
  readonly shape: Shape
  readonly durations: number[]
  readonly examples: Map<string, number>
  failures: number
  rows: number | undefined
  repeatedIn: number
  scans: boolean
}

/** What takes the most time together comes first. */
export function groupStatements(traces: Iterable<StoredTrace>): readonly StatementGroup[] {
  const groups = new Map<string, Group>()
  for (const { rootId, spans } of traces) {
    for (const span of spans.values()) {
      const shape = shapeOf(span)
      if (shape === undefined || span.end === undefined) continue
      let group = groups.get(shape.key)
      if (group === undefined) groups.set(shape.key, (group = emptyGroup(shape)))
      const duration = span.end - span.start
      group.durations.push(duration)
      group.examples.set(rootId, Math.max(group.examples.get(rootId) ?? 0, duration))
      if (span.failure !== undefined) group.failures++
      if (span.attributes['lexigram.plan.scan'] === true) group.scans = true
      const rows = span.attributes['db.response.returned_rows'] ?? span.attributes['lexigram.documents.scanned']
      if (typeof rows === 'number') group.rows = (group.rows ?? 0) + rows
    }
    const repeated = new Set(repeatsIn(spans.values()).map(({ shape }) => shape))
    for (const key of repeated) {
      const group = groups.get(key)
      if (group !== undefined) group.repeatedIn++
    }
  }
  return [...groups.values()].map(toStatement).sort((a, b) => b.total - a.total)
}

function emptyGroup(shape: Shape): Group {
  return { shape, durations: [], examples: new Map(), failures: 0, rows: undefined, repeatedIn: 0, scans: false }
}

function toStatement({ shape, durations, examples, failures, rows, repeatedIn, scans }: Group): StatementGroup {
  const ascending = durations.toSorted((a, b) => a - b)
  return {
    ...shape,
    count: ascending.length,
    failures,
    total: ascending.reduce((sum, duration) => sum + duration, 0),
    p50: percentile(ascending, 0.5),
    p95: percentile(ascending, 0.95),
    max: ascending.at(-1) ?? 0,
    columns: columnsOf(ascending),
    ...(rows !== undefined && { rows }),
    repeatedIn,
    scans,
    examples: [...examples]
      .toSorted(([, a], [, b]) => b - a)
      .slice(0, mostExamples)
      .map(([id]) => id),
  }
}
