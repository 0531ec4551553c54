import type { Body } from './transactions.ts'

/** One change of an item, as `GetRecords` answers it. */
export interface StreamedRecord extends Body {
  readonly dynamodb: Body & { readonly SequenceNumber: string }
}

export interface Shard {
  readonly id: string
  readonly parent: string | undefined
  /** Which hashes of partition keys it takes: from the first, and below the second. */
  readonly hashes: readonly [from: number, to: number]
  readonly first: string
  /** Undefined while it is open. */
  last: string | undefined
  readonly records: StreamedRecord[]
  /** How many records from its beginning are older than a day, and gone. */
  trimmed: number
}

/** The stream of one table, from when it was enabled until a day after it was disabled. */
export interface TableStream {
  readonly arn: string
  readonly label: string
  readonly table: string
  readonly view: string
  isEnabled: boolean
  /** A stream can be read for a day after its table was deleted. */
  isTableThere: boolean
  shards: Shard[]
}

const hashes = 2 ** 16
let created = 0
let sequence = 0n

/** Grows with every change. */
function nextNumber(): string {
  sequence += 1n
  return String(10n ** 20n + sequence)
}

export function openStream(table: string, view: string): TableStream {
  // Two streams of one table that begin in the same millisecond are two.
  const label = new Date(Date.now() + created++).toISOString().replace('Z', '')
  const arn = `arn:aws:dynamodb:us-east-1:000000000000:table/${table}/stream/${label}`
  return { arn, label, table, view, isEnabled: true, isTableThere: true, shards: [shardOf(undefined, [0, hashes])] }
}

function shardOf(parent: string | undefined, taken: Shard['hashes']): Shard {
  const first = nextNumber()
  const id = `shardId-${first.slice(1)}-${(created++).toString(16).padStart(8, '0')}`
  return { id, parent, hashes: taken, first, last: undefined, records: [], trimmed: 0 }
}

export function append(
  stream: TableStream,
  partition: string,
  record: (sequenceNumber: string) => StreamedRecord,
): void {
  const hash = hashOf(partition)
  const shard = stream.shards.find(({ last, hashes: [from, to] }) => last === undefined && from <= hash && hash < to)
  shard?.records.push(record(nextNumber()))
}

/** Each open shard goes on in so many others, as DynamoDB does it every few hours, and where a partition is split. */
export function splitShards(stream: TableStream, into: 1 | 2): void {
  for (const shard of stream.shards.filter(({ last }) => last === undefined)) {
    const [from, to] = shard.hashes
    const middle = Math.floor((from + to) / 2)
    shard.last = nextNumber()
    const ranges: readonly Shard['hashes'][] =
      into === 1
        ? [[from, to]]
        : [
            [from, middle],
            [middle, to],
          ]
    stream.shards.push(...ranges.map((range) => shardOf(shard.id, range)))
  }
}

/** Forgets all records, and the shards that are closed. */
export function trim(stream: TableStream): void {
  for (const shard of stream.shards) shard.trimmed = shard.records.length
  stream.shards = stream.shards.filter(({ last }) => last === undefined)
}

export function closeStream(stream: TableStream): void {
  stream.isEnabled = false
  for (const shard of stream.shards) shard.last ??= nextNumber()
}

function hashOf(text: string): number {
  let hash = 7
  for (const character of text) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % hashes
  return hash
}
