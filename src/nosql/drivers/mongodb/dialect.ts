import { setField } from '../../../core/plain-object.ts'
import type { CollationOptions } from 'mongodb'
import type { MongoDbQuery } from '../../contract/vendor-query.ts'
import type { QuerySource } from '../../contract/query.ts'
import type { DriverQuery } from '../../contract/query.ts'
import type { Modification } from '../../contract/write.ts'
import type { UpdateTree } from '../../query/update/parse-update.ts'
import type { SortKey } from '../../query/sort.ts'
import { isDocument, type Value } from '../../query/value.ts'
import { afterPosition } from './reading/position.ts'
import { withRegexFlags } from './codec/regex.ts'
import { toVendor } from './transport/vendor.ts'

/** MongoDB's own words for what is asked. */
export type Native = Readonly<Record<string, unknown>>

/** The filter as it was written, with what narrows a page to the documents that may follow its position. */
export function filterOf(query: DriverQuery): Native {
  const { filter, mongodb } = sourceOf(query)
  const position =
    query.after === undefined || query.sort === undefined
      ? undefined
      : afterPosition(
          query.sort,
          query.after.map((value) => (value === undefined ? value : toVendor(value))),
        )
  const conditions = [filter, mongodb?.filter, position].filter((condition) => condition !== undefined)
  return withRegexFlags(conditions.length === 1 ? filter : { $and: conditions })
}

/** What the caller asks of MongoDB alone, as options of the vendor. */
export function vendorOptionsOf({ hint, collation, comment }: MongoDbQuery = {}) {
  return {
    // The vendor's types know the options of today's servers; what is given here is the server's to judge.
    hint: hint as Record<string, unknown> | undefined,
    collation: collation as CollationOptions | undefined,
    comment,
  }
}

/** Present, as this driver's capability `evaluates` is `server`. */
export function sourceOf({ source }: DriverQuery): QuerySource {
  return source ?? { filter: {} }
}

export function sortOf(sort: readonly SortKey[] | undefined): Map<string, 1 | -1> | undefined {
  // A Map, because an object would put keys that look like numbers first.
  return sort === undefined ? undefined : new Map(sort.map(({ path, direction }) => [path, direction]))
}

/** What the caller needs of each document, as a projection; undefined for all of it. */
export function projectionOf({ needs, source }: DriverQuery): Native | undefined {
  if (source?.projection !== undefined) return source.projection
  if (needs === 'whole') return undefined
  return Object.fromEntries(['_id', ...(needs === 'keys' ? [] : withoutNested(needs))].map((path) => [path, 1]))
}

/** MongoDB refuses a projection of a path together with one below it. */
function withoutNested(paths: readonly string[]): readonly string[] {
  return paths.filter((path) => !paths.some((other) => path !== other && path.startsWith(`${other}.`)))
}

/** A part of a pipeline with this moment in the place of `$$NOW`. What is literal is data. */
function atMoment(part: unknown, now: Date): unknown {
  if (part === '$$NOW') return now
  if (Array.isArray(part)) return part.map((element) => atMoment(element, now))
  return !isDocument(part) || '$literal' in part ? part : ofEach(part, now)
}

function ofEach(part: Native, now: Date): Native {
  return Object.fromEntries(Object.entries(part).map(([name, inner]) => [name, atMoment(inner, now)]))
}

/** Only `$pull` has one: every other operand is data, which holds no regular expression. */
function conditionOf<T>(operator: string, operand: T): T {
  return operator === '$pull' ? withRegexFlags(operand) : operand
}

type Change = { readonly replacement: Native } | { readonly update: Native | Native[] }

/** An update as MongoDB takes it. `$currentDate` and `$$NOW` are the store's clock, so that one clock rules. */
export function changeOf(change: UpdateTree, { now }: Pick<Modification, 'now'>): Change {
  if (change.kind === 'replacement') return { replacement: change.document }
  if (change.kind === 'pipeline' && change.stages.length > 0) {
    return { update: change.stages.map((stage) => withRegexFlags(ofEach(stage, now))) }
  }
  const update: Record<string, Record<string, Value>> = {}
  for (const { operator, path, operand } of change.kind === 'pipeline' ? [] : change.ops) {
    const [name, value] = operator === '$currentDate' ? ['$set', now] : [operator, conditionOf(operator, operand)]
    const fields = (update[name] ??= {})
    setField(fields, path, value as Value) // a copy in stored form, or a condition of `$pull`
  }
  // An update of nothing still inserts; the vendor's driver wants an operator in it.
  return { update: Object.keys(update).length === 0 ? { $setOnInsert: {} } : update }
}
