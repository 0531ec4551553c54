import { unknownOption } from '../../core/assert-options.ts'
import { assertPlainObject, kindOf } from '../../core/plain-object.ts'
import { DocumentValidationError, UnsupportedOperationError } from '../errors.ts'

/** 1 for ascending, -1 for descending. */
export type IndexDirection = 1 | -1

/** Paths and directions, in order: `'email'`, `{ team: 1, joined: -1 }` or `[['team', 1], ['joined', -1]]`. */
export type IndexKeys =
  | string
  | Readonly<Record<string, IndexDirection>>
  | readonly (readonly [path: string, direction: IndexDirection])[]

/** What an index is beside its keys: its name, and which documents it holds. */
export interface IndexOptions {
  /** @default `email_1`, `team_1_joined_-1`, as in MongoDB */
  readonly name?: string
  /** Two documents with equal keys are refused; a missing field counts as null. */
  readonly unique?: boolean
  /** Documents without any of the paths are left out of the index, and so of `unique`. */
  readonly sparse?: boolean
  /** Only documents that match this filter are in the index. */
  readonly partialFilterExpression?: Readonly<Record<string, unknown>>
  /** A document is gone this many seconds after the date in the indexed path. Single-path indexes only. */
  readonly expireAfterSeconds?: number
  /**
   * `strong`: a find through this index sees every write that was answered before, also where the backend's own indexes
   * lag. Unique indexes are strong. @default what the backend's capability `index.consistency` says
   */
  readonly consistency?: 'strong'
  /**
   * How many of the first paths decide in which partition of the table an entry is kept, where the capability
   * `index.spread` is there: a query has to compare them for equality to use the index. @default 0, which is one
   * partition
   */
  readonly partition?: number
  /**
   * In how many parts each partition of the index is kept, where its writes outgrow one and the capability `index.spread` is
   * there. A query asks all of them, each with a request, and merges what they answer. @default 1
   */
  readonly shards?: number
}

/** A declared or existing index. */
export interface IndexModel extends IndexOptions {
  readonly name: string
  readonly key: readonly (readonly [path: string, direction: IndexDirection])[]
}

/**
 * How far an index is. Writers keep it from `writing` on, readers use it when it is `ready`; dropping one goes the same
 * way back.
 */
export type IndexState = 'absent' | 'writing' | 'backfilled' | 'ready'

/** Given to `onProgress` of `createIndex`. */
export interface IndexProgress {
  readonly state: IndexState
  /** Documents of the collection that are in the index, or were looked at and do not belong there. */
  readonly documents: number
}

/** An index as a backend lists it. */
export interface ListedIndex extends IndexModel {
  /** Absent when it is ready. */
  readonly state?: Exclude<IndexState, 'ready'>
  /**
   * The database's name for what it is, if it answers no plain conditions: `text`, `2dsphere`, `hidden`. Its directions mean
   * nothing then.
   */
  readonly kind?: string
}

/** The index on `_id` that every collection has. */
export const idIndex: IndexModel = { name: '_id_', key: [['_id', 1]], unique: true }

const optionNames = new Set([
  'name',
  'unique',
  'sparse',
  'partialFilterExpression',
  'expireAfterSeconds',
  'consistency',
  'partition',
  'shards',
])

/** @throws DocumentValidationError for keys or options that no backend could index. */
export function parseIndex(keys: IndexKeys, options: IndexOptions = {}): IndexModel {
  const key = parseKeys(keys)
  for (const option of Object.keys(assertPlainObject(options, 'options'))) {
    if (option === 'collation')
      throw new UnsupportedOperationError('an index cannot have a collation: it is not portable')
    if (!optionNames.has(option)) throw unknown(option)
  }
  for (const flag of ['unique', 'sparse'] as const)
    if (options[flag] !== undefined && typeof options[flag] !== 'boolean')
      throw invalid(`the option '${flag}' of an index must be true or false`, 'TypeMismatch')
  if (options.name !== undefined && typeof options.name !== 'string')
    throw invalid(`the name of an index must be text, not ${kindOf(options.name)}`, 'TypeMismatch')
  const { expireAfterSeconds: ttl, name = key.map(([path, direction]) => `${path}_${direction}`).join('_') } = options
  if (ttl !== undefined) {
    if (typeof ttl !== 'number' || !(ttl >= 0 && ttl <= 2_147_483_647)) {
      throw invalid('expireAfterSeconds must be a number of seconds between 0 and 2147483647', 'CannotCreateIndex')
    }
    if (key.length > 1 || key[0]?.[0] === '_id') {
      throw invalid('a TTL index must have exactly one path other than _id', 'CannotCreateIndex')
    }
  }
  if (options.sparse === true && options.partialFilterExpression !== undefined) {
    throw invalid('an index cannot be both sparse and partial', 'CannotCreateIndex')
  }
  if (name === '' || name === '*') throw invalid('an index name must not be empty or "*"', 'CannotCreateIndex')
  const { unique, sparse, partialFilterExpression } = options
  const placement = parsePlacement(options, key.length)
  return {
    name,
    key,
    ...(unique === true && { unique }),
    ...(sparse === true && { sparse }),
    ...(partialFilterExpression !== undefined && { partialFilterExpression }),
    ...(ttl !== undefined && { expireAfterSeconds: ttl }),
    ...placement,
  }
}

/** What matters only to backends that distribute an index, checked on all of them. */
function parsePlacement(
  options: IndexOptions,
  paths: number,
): Pick<IndexModel, 'consistency' | 'partition' | 'shards'> {
  const { consistency, partition, shards } = options
  if (consistency !== undefined && consistency !== 'strong') {
    throw invalid("the option 'consistency' of an index must be 'strong'", 'CannotCreateIndex')
  }
  if (partition !== undefined && !(Number.isInteger(partition) && partition >= 0 && partition <= paths)) {
    throw invalid("the option 'partition' of an index must be a number of its paths", 'CannotCreateIndex')
  }
  if (shards !== undefined && !(Number.isInteger(shards) && shards >= 1 && shards <= 100)) {
    throw invalid("the option 'shards' of an index must be a whole number from 1 to 100", 'CannotCreateIndex')
  }
  return {
    ...(consistency !== undefined && { consistency }),
    ...(partition !== undefined && { partition }),
    ...(shards !== undefined && { shards }),
  }
}

function unknown(option: string): DocumentValidationError {
  const { message, hint } = unknownOption(option, [...optionNames], 'the options of an index')
  return new DocumentValidationError(message, { reason: 'InvalidIndexSpecificationOption', path: '', hint })
}

function parseKeys(keys: IndexKeys): IndexModel['key'] {
  const pairs: readonly (readonly [string, unknown])[] =
    typeof keys === 'string'
      ? [[keys, 1]]
      : Array.isArray(keys)
        ? keys
        : Object.entries(assertPlainObject(keys, 'the keys of an index'))
  if (pairs.length === 0) throw invalid('an index must have at least one path', 'CannotCreateIndex')
  const seen = new Set<string>()
  return pairs.map((pair) => {
    const [path, direction]: readonly unknown[] = Array.isArray(pair) ? pair : []
    if (
      typeof path !== 'string' ||
      path.includes('\0') ||
      path.split('.').some((part) => part === '' || part.startsWith('$'))
    ) {
      throw invalid('an index path must be a dotted path of plain field names', 'CannotCreateIndex')
    }
    if (seen.has(path)) throw invalid('an index must have each path once', 'CannotCreateIndex', path)
    seen.add(path)
    if (typeof direction === 'string') {
      throw new UnsupportedOperationError(`an index cannot have the type '${direction}': it is not portable`, {
        hint: 'Create it with the vendor client, store.native.',
      })
    }
    if (direction !== 1 && direction !== -1)
      throw invalid('an index direction must be 1 or -1', 'CannotCreateIndex', path)
    return [path, direction] as const
  })
}

/** An index of a backend that places entries itself and reads them strongly: what says otherwise elsewhere says nothing there. */
export function placedByBackend(model: IndexModel): IndexModel {
  const { consistency: _consistency, partition: _partition, shards: _shards, ...rest } = model
  return rest
}

/** What makes two index definitions the same one, apart from the name. */
export function indexSignature({ name: _name, ...definition }: IndexModel): string {
  return JSON.stringify([
    definition.key,
    definition.unique === true,
    definition.sparse === true,
    definition.expireAfterSeconds ?? null,
    definition.partialFilterExpression ?? null,
    definition.consistency ?? null,
    definition.partition ?? null,
    definition.shards ?? null,
  ])
}

/**
 * Whether this very index is there already, so that creating it does nothing.
 *
 * @throws DocumentValidationError reason `IndexKeySpecsConflict` for another index of this name, `IndexOptionsConflict`
 *   for one of these keys with other options, as in MongoDB
 */
export function isIndexThere(model: IndexModel, existing: readonly IndexModel[]): boolean {
  if (indexSignature(model) === indexSignature({ ...idIndex, unique: false })) return true
  return sameIndex(model, existing) !== undefined
}

/**
 * The index of these keys and options that is there already, if there is one.
 *
 * @throws DocumentValidationError as {@link isIndexThere}
 */
export function sameIndex<T extends IndexModel>(model: IndexModel, existing: readonly T[]): T | undefined {
  for (const other of existing) {
    if (other.name === model.name) {
      if (indexSignature(other) === indexSignature(model)) return other
      throw clash('IndexKeySpecsConflict', model.name, 'name')
    }
    if (JSON.stringify(other.key) === JSON.stringify(model.key)) throw clash('IndexOptionsConflict', model.name, 'keys')
  }
  return undefined
}

function clash(reason: string, name: string, what: string): DocumentValidationError {
  return new DocumentValidationError(`index '${name}' cannot be created: another index has this ${what}`, {
    reason,
    path: '',
    hint: 'Drop the other index first.',
  })
}

function invalid(message: string, reason: string, path = ''): DocumentValidationError {
  return new DocumentValidationError(message, { reason, path })
}
