import { sortBy, type SortKey } from '../../../query/sort.ts'
import { bytesOf, type AttributeValue, type Item } from '../codec/attribute-values.ts'
import { attributes, decodeDocument } from '../codec/codec.ts'
import { keptBytes, mayBeUnordered } from './entries.ts'

/** What one request has read. */
export interface EntryPage {
  readonly items: readonly Item[]
  readonly scanned: number
  readonly requests: number
}

/**
 * Entries of values that are too long for a key come in the order of their digests: each run of them is sorted here.
 */
export async function* inOrder(
  pages: AsyncIterable<EntryPage>,
  sort: readonly SortKey[],
): AsyncGenerator<EntryPage, void> {
  let run: Item[] = []
  for await (const { items, ...page } of pages) {
    const ordered: Item[] = []
    for (const item of items) {
      const last = run.at(-1)
      if (last !== undefined && !isOneRun(last, item)) {
        ordered.push(...sorted(run, sort))
        run = []
      }
      run.push(item)
    }
    const last = run.at(-1)
    // Only a long key can be followed by another of its run.
    if (last !== undefined && (!mayBeLong(last) || keyOf(last).length < keptBytes)) {
      ordered.push(...run)
      run = []
    }
    yield { ...page, items: ordered }
  }
  if (run.length > 0) yield { items: sorted(run, sort), scanned: 0, requests: 0 }
}

function sorted(run: readonly Item[], keys: readonly SortKey[]): readonly Item[] {
  return run.length < 2 ? run : sortBy(run, decodeDocument, { keys })
}

function isOneRun(a: Item, b: Item): boolean {
  return mayBeLong(a) && mayBeLong(b) && mayBeUnordered(keyOf(a), keyOf(b))
}

/** Most keys are short, and need not be read to know it: base64 is longer than the bytes that it stands for. */
function mayBeLong(item: Item): boolean {
  const { length } = sortKeyOf(item)['B'] as Uint8Array | string
  return length >= keptBytes
}

function keyOf(item: Item): Uint8Array {
  return bytesOf(sortKeyOf(item))
}

function sortKeyOf(item: Item): AttributeValue {
  return item[attributes.sk] as AttributeValue // part of every item
}
