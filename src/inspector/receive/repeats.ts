import type { SpanRecord } from '../wire.ts'
import { shapeOf, type Shape } from './shape.ts'

/** Calls of one shape, one after the other, for one piece of work: most often one call for each entry of a list. */
export interface Repeat {
  /** The key of their shape. */
  readonly shape: string
  readonly summary: string
  readonly text: string
  /** The work that they are parts of. */
  readonly parentId: string
  readonly spanIds: readonly string[]
  /** What they took together, in milliseconds. */
  readonly total: number
  readonly advice: string
}

/** From so many on it is a pattern. */
const fewest = 5

const writes = /^(?:INSERT|UPDATE|DELETE|MERGE|insertOne|updateOne|replaceOne|deleteOne)\b/

/** Finds calls that could have been one: the N + 1 pattern. Settings, commits and what has not ended do not count. */
export function repeatsIn(spans: Iterable<SpanRecord>): readonly Repeat[] {
  const groups = new Map<string, { readonly shape: Shape; readonly members: SpanRecord[] }>()
  for (const span of spans) {
    const shape = shapeOf(span)
    const isBatch = span.attributes['db.operation.batch.size'] !== undefined
    if (shape === undefined || span.end === undefined || span.parentId === undefined || isBatch) continue
    if (/^(?:BEGIN|COMMIT|ROLLBACK|SET)\b/.test(shape.summary)) continue
    const key = `${span.parentId} ${shape.key}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { shape, members: [span] })
    else group.members.push(span)
  }
  return [...groups.values()]
    .filter(({ members }) => members.length >= fewest)
    .map(({ shape: { key, summary, text }, members }) => ({
      shape: key,
      summary,
      text,
      parentId: members[0]?.parentId ?? '',
      spanIds: members.map(({ spanId }) => spanId),
      total: members.reduce((sum, { start, end = start }) => sum + (end - start), 0),
      advice: adviceFor(summary, members[0]),
    }))
}

function adviceFor(summary: string, span: SpanRecord | undefined): string {
  const isSql = span?.attributes['db.query.text'] !== undefined
  if (writes.test(summary)) {
    return isSql ? 'Write them in one statement, or as one batch.' : 'Write them with insertMany or bulkWrite.'
  }
  return isSql
    ? 'Read them in one statement: where id = any($1), or a join.'
    : 'Read them with one find: { _id: { $in: [ … ] } }.'
}
