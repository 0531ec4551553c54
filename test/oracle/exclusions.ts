import {
  answersCount,
  asksWhatTheApiLacks,
  expectsDuplicateField,
  makesDecimals,
  setsDollarNames,
  usesConditionalPattern,
  usesVariable,
  writesToNamedDatabase,
} from './beyond-the-api.ts'
import { expectsRefusal, type OracleCase } from './runner/case.ts'
import { tellsKindOfWholeNumber } from './whole-numbers.ts'

/**
 * A set of cases that the portable store does not answer, and why. A case is left out when every condition holds; the
 * conditions are about what a case asks and never about its name.
 */
export interface Exclusion {
  readonly reason: string
  readonly area?: RegExp
  /** Operator or field names, any of which the case has to use. */
  readonly uses?: readonly string[]
  readonly holds?: (oracleCase: OracleCase) => boolean
  /** Only cases that the recorded server answered: what it refused must be refused here too. */
  readonly answered?: true
}

const GEO = ['$geoWithin', '$geoIntersects', '$near', '$nearSphere', '$geoNear']
const ADMINISTRATION = ['$collStats', '$indexStats', '$planCacheStats', '$listClusterCatalog', '$rankFusion']

export const exclusions: readonly Exclusion[] = [
  { area: /^query\/geospatial$/, reason: 'geospatial queries are not portable' },
  { uses: GEO, answered: true, reason: 'geospatial queries are not portable' },
  { area: /^query\/text$/, reason: 'text search is not portable' },
  { uses: ['$text'], answered: true, reason: 'text search is not portable' },
  { uses: ['$jsonSchema'], answered: true, reason: 'documents are validated by Standard Schemas, not by $jsonSchema' },
  { uses: ['$where', '$function', '$accumulator'], answered: true, reason: 'no code from data: always refused' },
  {
    area: /^stages\/(collStats|indexStats|planCacheStats|listClusterCatalog|rankFusion)$/,
    reason: 'server administration and search',
  },
  { uses: ADMINISTRATION, answered: true, reason: 'server administration and search' },
  { area: /^query_and_write\/(read_concern|write_concern)$/, reason: 'read and write concerns belong to a driver' },
  { uses: ['readConcern', 'writeConcern'], reason: 'read and write concerns belong to a driver' },
  { holds: makesDecimals, answered: true, reason: 'Decimal128 is not a portable type' },
  {
    holds: createsForeignCollection,
    reason: 'collections with a collation, capped or of time series are not portable',
  },
  { holds: storesForeignDocuments, reason: 'documents with such names, depth or types cannot be stored portably' },
  { holds: createsForeignIndex, reason: 'indexes of this type are not portable' },
  { uses: ['$meta'], holds: usesIndex, answered: true, reason: 'keys of an index are known to a server only' },
  { uses: ['hint'], answered: true, reason: 'hints are not portable' },
  { uses: ['collation'], answered: true, reason: 'collation is not portable' },
  { uses: ['timeseries'], answered: true, reason: 'time series collections are not portable' },
  { uses: ['explain'], reason: 'explain is a method of its own, and no option of aggregate' },
  { holds: asksWhatTheApiLacks, reason: 'arguments of the command that the portable API does not have' },
  {
    holds: usesConditionalPattern,
    answered: true,
    reason: 'beyond portable regular expressions: JavaScript has no conditions in them',
  },
  { holds: usesVariable('$$CLUSTER_TIME'), answered: true, reason: 'timestamps are not a portable type' },
  {
    holds: (oracleCase) => answersCount(oracleCase) && usesVariable('$$NOW')(oracleCase),
    reason: 'countDocuments is an aggregate, as in the drivers of MongoDB: it has $$NOW, which the command lacks',
  },
  { holds: setsDollarNames, answered: true, reason: 'only $setField reaches a name that starts with a dollar' },
  { holds: tellsKindOfWholeNumber, answered: true, reason: 'numbers are one type, and a whole one is an int' },
  { holds: writesToNamedDatabase, answered: true, reason: 'a pipeline writes into its own database only' },
  { holds: expectsDuplicateField, reason: 'the recording cannot hold a field twice' },
]

/** Why a case is left out, or undefined when it is in scope. */
export function exclusionOf(oracleCase: OracleCase): string | undefined {
  let names: ReadonlySet<string> | undefined
  const answered = !oracleCase.asserts.some(expectsRefusal)
  return exclusions.find(
    ({ area, uses, holds, answered: onlyAnswered }) =>
      (area?.test(oracleCase.area) ?? true) &&
      (holds?.(oracleCase) ?? true) &&
      (onlyAnswered === undefined || answered) &&
      (uses === undefined || uses.some((name) => (names ??= namesIn([oracleCase.ops, oracleCase.asserts])).has(name))),
  )?.reason
}

function namesIn(value: unknown, names: Set<string> = new Set()): Set<string> {
  if (typeof value !== 'object' || value === null) return names
  for (const [key, inner] of Object.entries(value)) {
    names.add(key)
    namesIn(inner, names)
  }
  return names
}

const DEEPEST = 32
const LATEST_DATE = 8.64e15

/** Whether documents that are written, or expected of a write, could not be stored. */
function storesForeignDocuments({ ops, asserts }: OracleCase): boolean {
  const writes = ops.some(
    (operation) => operation.op === 'command' && writeCommands.some((name) => name in operation.cmd),
  )
  const expected = writes ? asserts.map((assertion) => assertion.expected) : []
  const inserted = ops.flatMap((operation) => (operation.op === 'insert' ? operation.docs : []))
  return [...inserted, ...expected.flat()].some((document) => isForeign(document, 0))
}

const writeCommands = ['insert', 'update', 'findAndModify']

function isForeign(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (depth > DEEPEST) return true
  const entries = Object.entries(value)
  const [only] = entries
  if (entries.length === 1 && only?.[0] === '$long') return false
  if (entries.length === 1 && only?.[0] === '$date') return Math.abs(Number(only[1])) > LATEST_DATE
  return entries.some(([name, inner]) => {
    const named = Array.isArray(value) || /^[^\0]+$/.test(name)
    return !named || name === '__proto__' || isForeign(inner, depth + 1)
  })
}

function createsForeignIndex({ ops }: OracleCase): boolean {
  return ops.some(
    (operation) =>
      operation.op === 'createIndex' &&
      ('collation' in operation.opts || operation.keys.some(([, type]) => typeof type === 'string')),
  )
}

function usesIndex({ ops }: OracleCase): boolean {
  return ops.some((operation) => operation.op === 'createIndex')
}

function createsForeignCollection({ ops }: OracleCase): boolean {
  return ops.some((operation) => operation.op === 'create' && operation.opts.length > 0)
}
