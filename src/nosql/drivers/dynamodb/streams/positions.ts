import { fromBase64Url, toBase64Url } from '../../../../core/base64.ts'
import { isReadablePlainObject } from '../../../../core/plain-object.ts'
import { NoSQLFilterError } from '../../../errors.ts'
import type { Place } from '../place.ts'
import { changesLost } from './stream-errors.ts'
import type { TableStream } from './shards.ts'

/**
 * The position of a reader in a shard. The times are in milliseconds since 1970:
 * - `after`: after the record with this sequence number.
 * - `start`: before its first record, since this time.
 * - `latest`: after what was there at this time; nothing was read yet.
 * - `end`: after its last record since this time. Shards that follow it may not be listed yet.
 */
export type Position =
  | { readonly kind: 'after'; readonly sequenceNumber: string }
  | { readonly kind: 'start' | 'latest' | 'end'; readonly time: number }

/** By the id of the shard. */
export type Positions = ReadonlyMap<string, Position>

const version = 1
const letters = { start: 's', latest: 'l', end: 'e' } as const
const kinds = { s: 'start', l: 'latest', e: 'end' } as const

/** Puts the positions in all shards into one text, for a stream of this table and this collection. */
export function tokenOf({ table, collection }: Place, { label }: TableStream, positions: Positions): string {
  const shards = Object.fromEntries([...positions].map(([id, position]) => [id, textOf(position)]))
  const text = JSON.stringify([version, table, label, collection, shards])
  return toBase64Url(new TextEncoder().encode(text))
}

interface PlaceInShard {
  readonly id: string
  readonly position: Position
}

/** The token of a place in one shard, beside those in the others. It is made for each change, the other one for each page. */
export function placeIn(others: string, { id, position }: PlaceInShard): string {
  return `${others}.${id}.${textOf(position)}`
}

/**
 * The positions of a token.
 *
 * @throws NoSQLFilterError for a text that is not a token of this collection, and for one of an earlier stream of its table
 */
export function positionsIn(token: string, { table, collection }: Place, { label }: TableStream): Positions {
  const [others = '', id, text] = token.split('.', 3)
  const [givenVersion, givenTable, givenLabel, givenCollection, shards] = partsOf(others)
  const isOurs = givenVersion === version && givenTable === table && givenCollection === collection
  if (!isOurs || typeof givenLabel !== 'string' || !isReadablePlainObject(shards)) throw malformed()
  const positions = new Map(Object.entries(shards).map(([shard, place]) => [shard, positionOf(place)]))
  if (id !== undefined) positions.set(id, positionOf(text))
  if (positions.size === 0) throw malformed()
  if (givenLabel !== label) throw changesLost()
  return positions
}

function partsOf(token: string): readonly unknown[] {
  try {
    const parts: unknown = JSON.parse(new TextDecoder().decode(fromBase64Url(token)))
    return Array.isArray(parts) ? parts : []
  } catch {
    return []
  }
}

function textOf(position: Position): string {
  return position.kind === 'after' ? `a${position.sequenceNumber}` : `${letters[position.kind]}${position.time}`
}

function positionOf(text: unknown): Position {
  const [, letter, digits = ''] = (typeof text === 'string' && /^([asle])(\d{1,40})$/.exec(text)) || []
  if (letter === undefined) throw malformed()
  // The expression allows four letters, and this is one of the others.
  return letter === 'a'
    ? { kind: 'after', sequenceNumber: digits }
    : { kind: kinds[letter as keyof typeof kinds], time: Number(digits) }
}

function malformed(): NoSQLFilterError {
  return new NoSQLFilterError('the token must be one of a stream of this collection', {
    reason: 'InvalidResumeToken',
    path: 'resumeAfter',
    hint: 'Pass the _id of a change, or resumeToken of a stream, as it was.',
  })
}
