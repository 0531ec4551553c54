import type { DriverQuery } from '../../contract/query.ts'
import { compareValues } from '../../query/compare.ts'
import type { Value } from '../../query/value.ts'
import type { Access, IndexAccess } from './access.ts'
import { sideOf, type Range } from './bounds.ts'
import type { MemoryCollection } from './memory-collection.ts'
import type { IndexEntry, MemoryRecord } from './memory-index.ts'

/** The records that an access leads to, each once. Documents inserted while reading are not among a scan's. */
export function* candidates(collection: MemoryCollection, access: Access, query: DriverQuery): Generator<MemoryRecord> {
  switch (access.kind) {
    case 'none':
      return
    case 'get':
      for (const key of access.keys) {
        const record = collection.records.get(key)
        if (record !== undefined) yield record
      }
      return
    case 'union':
      yield* once(access.branches.map((branch) => candidates(collection, branch, query)))
      return
    case 'index':
      yield* access.index.multikey ? once([indexed(access, query)]) : indexed(access, query)
      return
    case 'scan':
    default: {
      const last = collection.lastSequence
      for (const record of collection.records.values()) if (record.sequence <= last) yield record
    }
  }
}

function* once(sources: readonly Iterable<MemoryRecord>[]): Generator<MemoryRecord> {
  const seen = new Set<string>()
  for (const source of sources) {
    for (const record of source) {
      if (seen.has(record.key)) continue
      seen.add(record.key)
      yield record
    }
  }
}

function* indexed(access: IndexAccess, query: DriverQuery): Generator<MemoryRecord> {
  for (const range of access.ranges.length === 0 ? [{}] : access.ranges) {
    for (const { record } of access.order === -1 ? backwards(access, range, query) : forwards(access, range, query)) {
      yield record
    }
  }
}

function* forwards(access: IndexAccess, range: Range, query: DriverQuery): Generator<IndexEntry> {
  const from = position(access, query)
  const side = sideIn(access, range)
  const { entries } = access.index
  for (const entry of entries.from((other) => side(other) > 0 || (side(other) === 0 && from(other) >= 0))) {
    if (side(entry) > 0) return
    yield entry
  }
}

/** Groups of equal keys from the end, each group forwards, for ties go by ascending `_id` in either direction. */
function* backwards(access: IndexAccess, range: Range, query: DriverQuery): Generator<IndexEntry> {
  const from = position(access, query)
  const side = sideIn(access, range)
  const { entries } = access.index
  const compare = (entry: IndexEntry, key: readonly Value[]) => access.index.compareKeys(entry.key, key)
  let last = entries.lastBefore((other) => side(other) > 0 || (side(other) === 0 && from(other) < 0))
  while (last !== undefined && side(last) === 0) {
    const { key } = last
    for (const entry of entries.from((other) => compare(other, key) >= 0)) {
      if (compare(entry, key) !== 0) break
      yield entry
    }
    last = entries.lastBefore((other) => compare(other, key) >= 0)
  }
}

/** Where an entry stands in index order: before (-1), within (0) or behind (1) what the access covers. */
function sideIn({ index, equal }: IndexAccess, range: Range): (entry: IndexEntry) => number {
  return ({ key }) => {
    for (const [i, [, direction]] of index.model.key.entries()) {
      const value = key[i] as Value
      if (i === equal.length) return sideOf(value, range) * direction
      const order = compareValues(value, equal[i])
      if (order !== 0) return order * direction
    }
    return 0
  }
}

/** Compares an entry with the place in the sort behind which to read; equal ones are kept, for the tie is re-checked. */
function position({ equal, order, index }: IndexAccess, { after, sort }: DriverQuery): (entry: IndexEntry) => number {
  if (after === undefined || sort === undefined || order === undefined) return () => 0
  const fixed = index.model.key.slice(0, equal.length).map(([path]) => path)
  const places = sort.flatMap(({ path, direction }, i) =>
    fixed.includes(path) ? [] : [{ direction, value: after[i] }],
  )
  const paths = index.model.key.length - equal.length
  return ({ key }) => {
    for (let i = 0; i < paths; i++) {
      const place = places[i]
      if (place === undefined) return 0
      const found = compareValues(key[equal.length + i], place.value) * place.direction
      if (found !== 0) return found
    }
    return 0
  }
}
