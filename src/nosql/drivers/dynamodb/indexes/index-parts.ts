import type { IndexModel } from '../../../contract/index-model.ts'
import { nameOf } from '../../../keys/digest.ts'
import { idText } from '../../../keys/id-text.ts'
import { orderedKey } from '../../../keys/ordered-key.ts'
import type { Value } from '../../../query/value.ts'

/** What says how an index is spread over partitions of the table. */
export interface Spread extends Pick<IndexModel, 'name'> {
  readonly partition?: number | undefined
  readonly shards?: number | undefined
}

/** Whether the entries are in more than the one partition that has the index's name. */
function isSpread({ partition = 0, shards = 1 }: Spread): boolean {
  return partition > 0 || shards > 1
}

/** The part that an entry belongs to: by its first values, and by its document, so that a document's entry never moves alone. */
export async function partOf(index: Spread, values: readonly Value[], id: Value): Promise<string> {
  const { shards = 1 } = index
  return partName(index, await partitionName(index, values), hash(idText(id)) % shards)
}

/** The parts that hold what has these first values: one for each shard. */
export async function partsOf(index: Spread, values: readonly Value[]): Promise<readonly string[]> {
  const { shards = 1 } = index
  const partition = await partitionName(index, values)
  return Array.from({ length: shards }, (_each, shard) => partName(index, partition, shard))
}

/** Whether a part is one of this index. */
export function isPartOf(index: Spread, part: string): boolean {
  return isSpread(index) ? /^j#[^#]*#\d+#(.*)$/s.exec(part)?.[1] === index.name : part === wholeName(index)
}

/** The name comes last, for it may have a `#`, and what `nameOf` makes has none. */
function partName(index: Spread, partition: string, shard: number): string {
  return isSpread(index) ? `j#${partition}#${shard}#${index.name}` : wholeName(index)
}

function wholeName({ name }: Spread): string {
  return `i#${name}`
}

async function partitionName({ partition = 0 }: Spread, values: readonly Value[]): Promise<string> {
  if (partition === 0) return ''
  return nameOf(orderedKey(values.slice(0, partition).map((value) => [value, 1] as const)))
}

/** FNV-1a: the same for a text at every time, for entries stay where they were put. */
function hash(text: string): number {
  let state = 0x811c9dc5
  for (const byte of new TextEncoder().encode(text)) state = Math.imul(state ^ byte, 0x01000193) >>> 0
  return state
}
