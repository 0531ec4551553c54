import { compareValues } from '../../query/compare.ts'
import { compareSortValues, compileSortValues, type SortKey } from '../../query/sort.ts'
import type { Value } from '../../query/value.ts'
import type { IndexAccess, IndexRun, UnionAccess, UnionBranch } from '../../plan/access.ts'
import type { ReadQuestion } from '../../plan/read-plan.ts'
import { sideOfRun } from '../../plan/runs.ts'
import { type Seek, seekRun } from '../../plan/seek.ts'
import type { IndexEntry, MemoryRecord, MemoryShape } from './memory-index.ts'

/** What the order of an index is used for. */
export type Asked = Pick<ReadQuestion, 'sort' | 'after'>

/** The records that the branches of an `or` lead to, each once. */
export function unionRecords(
  { branches, merge }: UnionAccess<MemoryShape>,
  read: (branch: UnionBranch<MemoryShape>) => Generator<MemoryRecord, void>,
  { sort }: Asked,
): Generator<MemoryRecord, void> {
  const streams = branches.map(read)
  return once(merge && sort !== undefined ? [merged(streams, sort)] : streams)
}

function* once(sources: readonly Iterable<MemoryRecord>[]): Generator<MemoryRecord, void> {
  const seen = new Set<string>()
  for (const source of sources) {
    for (const record of source) {
      if (seen.has(record.key)) continue
      seen.add(record.key)
      yield record
    }
  }
}

/** The records that an index leads to, each once. */
export function indexRecords(access: IndexAccess<MemoryShape>, asked: Asked): Generator<MemoryRecord, void> {
  return access.index.source.multikey ? once([indexed(access, asked)]) : indexed(access, asked)
}

function* indexed(access: IndexAccess<MemoryShape>, asked: Asked): Generator<MemoryRecord, void> {
  const runs = access.order === -1 ? access.runs.toReversed() : access.runs
  const streams = runs.map((run) => stretch(access, run, asked))
  if (access.merge && asked.sort !== undefined) yield* merged(streams, asked.sort)
  else for (const stream of streams) yield* stream
}

function* stretch(
  access: IndexAccess<MemoryShape>,
  run: IndexRun,
  { sort, after }: Asked,
): Generator<MemoryRecord, void> {
  const placed = after !== undefined && sort !== undefined && access.order !== undefined
  const seek = placed ? seekRun(access, run, { sort, after }) : 'all'
  if (seek === 'none') return
  const entries = access.order === -1 ? backwards(access, run, seek) : forwards(access, run, seek)
  for (const { record } of entries) yield record
}

function* forwards(
  { index }: IndexAccess<MemoryShape>,
  run: IndexRun,
  seek: Seek | 'all',
): Generator<IndexEntry, void> {
  const side = ({ key }: IndexEntry): number => sideOfRun(index, run, key)
  const place = placeOf(index, run, seek)
  const least = seek === 'all' || seek.side === 'at' ? 0 : 1
  const begins = (entry: IndexEntry): boolean => side(entry) > 0 || (side(entry) === 0 && place(entry) >= least)
  for (const entry of index.source.entries.from(begins)) {
    if (side(entry) > 0) return
    yield entry
  }
}

/** Groups of equal keys from the end, each group forwards, for ties go by ascending `_id` in either direction. */
function* backwards(
  { index }: IndexAccess<MemoryShape>,
  run: IndexRun,
  seek: Seek | 'all',
): Generator<IndexEntry, void> {
  const side = ({ key }: IndexEntry): number => sideOfRun(index, run, key)
  const place = placeOf(index, run, seek)
  const { entries } = index.source
  const least = seek === 'all' || seek.side === 'at' ? 1 : 0
  const compare = (entry: IndexEntry, key: readonly Value[]): number => index.source.compareKeys(entry.key, key)
  let last = entries.lastBefore((entry) => side(entry) > 0 || (side(entry) === 0 && place(entry) >= least))
  while (last !== undefined && side(last) === 0) {
    const { key } = last
    for (const entry of entries.from((other) => compare(other, key) >= 0)) {
      if (compare(entry, key) !== 0) break
      yield entry
    }
    last = entries.lastBefore((other) => compare(other, key) >= 0)
  }
}

/** The place of an entry of the run in index order: before (-1), at (0) or after (1) the place to begin with. */
function placeOf({ key: paths }: MemoryShape, { equal }: IndexRun, seek: Seek | 'all'): (entry: IndexEntry) => number {
  if (seek === 'all') return () => 0
  return ({ key, record }) => {
    for (const [at, value] of seek.values.entries()) {
      const path = paths[equal.length + at]
      const order =
        path === undefined ? compareValues(record.id, value) : compareValues(key[equal.length + at], value) * path[1]
      if (order !== 0) return order
    }
    return 0
  }
}

/** Several ordered streams as one. */
function* merged(streams: readonly Generator<MemoryRecord, void>[], sort: readonly SortKey[]) {
  const valuesOf = compileSortValues(sort)
  const compare = compareSortValues(sort)
  const headOf = (stream: Generator<MemoryRecord, void>) => {
    const { value } = stream.next()
    return value === undefined ? undefined : { stream, record: value, values: valuesOf(value.document) }
  }
  const heads = streams.flatMap((stream) => headOf(stream) ?? []).sort((a, b) => compare(a.values, b.values))
  for (let first = heads.shift(); first !== undefined; first = heads.shift()) {
    yield first.record
    const next = headOf(first.stream)
    if (next === undefined) continue
    const after = heads.findIndex(({ values }) => compare(values, next.values) > 0)
    heads.splice(after === -1 ? heads.length : after, 0, next)
  }
}
