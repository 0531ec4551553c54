import { compareValues } from '../../query/compare.ts'
import type { IndexEntry, MemoryIndex } from './memory-index.ts'

/** The date until which documents of a TTL index are expired; undefined for other indexes. */
export function expiryDate(index: MemoryIndex, now: number): Date | undefined {
  const seconds = index.model.expireAfterSeconds
  return seconds === undefined ? undefined : new Date(now - seconds * 1000)
}

/** Entries of a TTL index whose date has come. Dates sort after everything else, so they stand at one end. */
export function* expiredEntries(index: MemoryIndex, due: Date): Generator<IndexEntry, void> {
  const ascending = index.model.key[0]?.[1] === 1
  const bound = ascending ? new Date(-8.64e15) : due
  for (const entry of index.entries.from(({ key }) => index.compareKeys(key, [bound]) >= 0)) {
    const [date] = entry.key
    if (!(date instanceof Date) || compareValues(date, due) > 0) return
    yield entry
  }
}
