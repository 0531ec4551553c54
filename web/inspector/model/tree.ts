import type { SpanRecord } from '../../../src/inspector/wire.ts'

/** A span in the waterfall. */
export interface Row {
  readonly span: SpanRecord
  readonly depth: number
}

/** Spans in the order of the waterfall: each before its parts, parts by their beginning. */
export function rowsOf(spans: readonly SpanRecord[]): readonly Row[] {
  const ids = new Set(spans.map(({ spanId }) => spanId))
  const byParent = new Map<string, SpanRecord[]>()
  for (const span of spans) {
    // A part whose parent was left out stands at the top.
    const parent = span.parentId !== undefined && ids.has(span.parentId) ? span.parentId : ''
    const siblings = byParent.get(parent)
    if (siblings === undefined) byParent.set(parent, [span])
    else siblings.push(span)
  }
  const rows: Row[] = []
  const seen = new Set<string>()
  // An explicit stack: a chain may be longer than the page's calls can be deep.
  const visit = (first: SpanRecord): void => {
    const next: Row[] = [{ span: first, depth: 0 }]
    for (let row = next.pop(); row !== undefined; row = next.pop()) {
      const { span, depth } = row
      if (seen.has(span.spanId)) continue
      seen.add(span.spanId)
      rows.push(row)
      for (const part of (byParent.get(span.spanId) ?? []).toReversed()) next.push({ span: part, depth: depth + 1 })
    }
  }
  byParent.get('')?.forEach(visit)
  // Parents that make a circle are reached from nowhere.
  for (const span of spans) if (!seen.has(span.spanId)) visit(span)
  return rows
}

export type Sort = 'request' | 'sql' | 'documents' | 'background' | 'end' | 'work'

/** What a span is about, for its colour and its name in the legend. */
export function sortOf({ attributes, kind, name }: SpanRecord): Sort {
  const system = attributes['db.system.name']
  if (system === 'postgresql') return 'sql'
  if (system !== undefined) return 'documents'
  if (kind === 'server' || kind === 'consumer') return 'request'
  if (name === 'waitUntil') return 'background'
  return name === 'end of scope' || name.startsWith('dispose ') ? 'end' : 'work'
}

export const sortNames: Readonly<Record<Sort, string>> = {
  request: 'request or job',
  sql: 'SQL',
  documents: 'documents',
  background: 'waitUntil',
  end: 'end of scope',
  work: 'other work',
}
