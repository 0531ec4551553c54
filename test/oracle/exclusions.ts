import { expectsRefusal, type OracleCase } from './runner/case.ts'

/** A set of cases that the portable store does not answer, and why. A case is left out when every condition holds. */
export interface Exclusion {
  readonly reason: string
  readonly area?: RegExp
  readonly id?: RegExp
  /** Operator or field names, any of which the case has to use. */
  readonly uses?: readonly string[]
  /** Whether the case cannot be set up here at all. */
  readonly holds?: (oracleCase: OracleCase) => boolean
  /** Only cases that the recorded server answered: what it refused must be refused here too. */
  readonly answered?: true
}

const GEO = ['$geoWithin', '$geoIntersects', '$near', '$nearSphere', '$geoNear']
const ADMINISTRATION = ['$collStats', '$indexStats', '$planCacheStats', '$listClusterCatalog', '$rankFusion']

/** Cases that tell a whole double from an int32, or see an int32 sum widen to int64, by `$type`. */
const ONE_NUMBER_TYPE = new RegExp(
  [
    'group_accumulator_types\\[(sum_double_double|sum_int32_overflow|avg_int)',
    'addToSet_type_preservation\\[type_pres_double_then_int32',
    'avg_group_types\\[type_int(32|64)_',
    'sum_boundary\\[boundary_int32_max_overflow',
    'type_matching\\[distinction_double_not_match_int32',
    '(max|min)_tie_breaking_cases\\[tie_double_int32_first',
    'sum_return_type\\[rtype_(int64_double|array_traversal_mixed)',
    '(abs|floor)_return_type\\[return_type_(negative_double|double_fraction)',
    'coercion\\[coerce_double_(sci_large|scientific_boundary|million|seven_digits)',
    'toDate_basic_(literal|insert)\\[int_(zero|negative|positive)_error',
    'toDouble_return_type_is_double\\[accept_int',
    'bitwise_operator_combinations\\[type_int_with',
  ].join('|'),
)

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
  { uses: ['$oid'], answered: true, reason: 'ObjectId is not a portable type' },
  {
    id: /toDecimal_return_type_is_decimal|to(Double|Int|Long)_field_ref\[(convert_)?nested_conversion/,
    reason: 'Decimal128 is not a portable type',
  },
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
  {
    id: /negative_maxtimems|insert_bypass_rejects_invalid_type|empty_updates_array/,
    reason: 'arguments of the command that the portable API does not have',
  },
  {
    id: /_for_(bypassDocumentValidation|maxTimeMS|collation|writeConcern|new|remove)\]/,
    reason: 'arguments of the command that the portable API does not have',
  },
  {
    id: /regex_pattern_matching\[(conditional_pattern_match|reset_match_start_K)/,
    reason: 'beyond portable regular expressions: JavaScript has them not',
  },
  { id: /cluster_time_resolves_in_update_pipeline/, reason: 'timestamps are not a portable type' },
  {
    id: /now_in_count_expr_is_unavailable/,
    reason: 'countDocuments is an aggregate, as in the drivers of MongoDB: it has $$NOW, which the command has not',
  },
  { id: ONE_NUMBER_TYPE, reason: 'int32 and double are one type, and recorded alike' },
  { id: /\[duplicate_/, reason: 'the recording cannot hold a field twice' },
]

/** Why a case is left out, or undefined when it is in scope. */
export function exclusionOf(oracleCase: OracleCase): string | undefined {
  let names: ReadonlySet<string> | undefined
  const answered = !oracleCase.asserts.some(expectsRefusal)
  return exclusions.find(
    ({ area, id, uses, holds, answered: onlyAnswered }) =>
      (area?.test(oracleCase.area) ?? true) &&
      (id?.test(oracleCase.id) ?? true) &&
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
    const named = Array.isArray(value) || /^[^$.\0][^.\0]*$/.test(name)
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
