import type { CollectionSpec } from '../../nosql/contract/define-collection.ts'
import { attributes } from '../../nosql/drivers/dynamodb/codec/codec.ts'
import { tableName } from '../../nosql/drivers/dynamodb/table-name.ts'

export interface TableOptions {
  /** One table for all collections. @default a table for each */
  readonly table?: string | undefined
  /** Prefix of all table names. @default '' */
  readonly keyPrefix?: string | undefined
  /** Whether changes are put on a stream, with the documents before and after. @default false */
  readonly stream?: boolean | undefined
  /** Whether the program reads that stream by `watch`. @default false */
  readonly watch?: boolean | undefined
}

/** A table as infrastructure declares it. Its keys and attributes are the driver's. */
export interface Table {
  readonly name: string
  /** Letters and digits, for names of resources. */
  readonly id: string
  readonly collections: readonly string[]
  /** The attribute by which DynamoDB deletes what has expired; undefined where nothing expires. */
  readonly timeToLive: string | undefined
  readonly stream: boolean
  /** Whether the statement allows to read the stream. */
  readonly isWatched: boolean
}

/** What a program with some collections needs. */
export interface Infrastructure {
  readonly tables: readonly Table[]
  /** Where each collection has a table, a health check lists them: no other table is sure to be there. */
  readonly listsTables: boolean
}

export const keys = { partition: attributes.pk, sort: attributes.sk } as const

/** The tables of collections, in their order. Indexes are items of the tables, so that DynamoDB knows of none. */
export function infrastructureOf(
  specs: readonly CollectionSpec[],
  { table, keyPrefix = '', stream = false, watch = false }: TableOptions,
): Infrastructure {
  const groups = new Map<string, CollectionSpec[]>()
  for (const spec of specs) {
    const name = table ?? tableName(keyPrefix, spec.name)
    groups.set(name, [...(groups.get(name) ?? []), spec])
  }
  const ids = new Set<string>()
  const tables = [...groups].map(([name, group]) => ({
    name,
    id: unusedId(name, ids),
    collections: group.map((spec) => spec.name),
    timeToLive: group.some(expires) ? attributes.expiry : undefined,
    stream: stream || watch,
    isWatched: watch,
  }))
  return { tables, listsTables: table === undefined }
}

function expires({ indexes }: CollectionSpec): boolean {
  return indexes.some(({ expireAfterSeconds }) => expireAfterSeconds !== undefined)
}

/** No two are the same in lower case either, for Terraform's labels are. */
function unusedId(name: string, taken: Set<string>): string {
  const words = name.split(/[^a-zA-Z0-9]+/).filter((word) => word !== '')
  const plain = `${words.map((word) => `${word[0]?.toUpperCase()}${word.slice(1)}`).join('')}Table`
  let id = plain
  for (let count = 2; taken.has(labelKey(id)); count++) id = `${plain}${count}`
  taken.add(labelKey(id))
  return id
}

function labelKey(id: string): string {
  return id.replace(/Table(?=\d*$)/, '').toLowerCase()
}

/**
 * What the driver asks of its tables. A transaction needs the permissions of its single actions, and nothing else.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
 */
export const actions = [
  'dynamodb:BatchGetItem',
  'dynamodb:BatchWriteItem',
  'dynamodb:ConditionCheckItem',
  'dynamodb:DeleteItem',
  'dynamodb:GetItem',
  'dynamodb:PutItem',
  'dynamodb:Query',
  'dynamodb:Scan',
  'dynamodb:UpdateItem',
] as const

/** What `watch` asks of a table, beside its stream. */
export const watchedTableActions = ['dynamodb:DescribeTable'] as const

/** What `watch` asks of a stream. An event source of Lambda has its permissions from the framework that declares it. */
export const streamActions = ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'] as const
