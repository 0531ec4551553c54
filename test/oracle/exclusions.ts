import { expectsRefusal, type OracleCase } from './case.ts'

/** A set of cases that the portable store does not answer, and why. A case is left out when every condition holds. */
export interface Exclusion {
  readonly reason: string
  readonly area?: RegExp
  readonly id?: RegExp
  /** Operator or field names, any of which the case has to use. */
  readonly uses?: readonly string[]
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
  { uses: ['$oid'], answered: true, reason: 'ObjectId is not a portable type' },
  { uses: ['__proto__'], answered: true, reason: 'a document cannot have a field __proto__' },
  { uses: ['collation'], answered: true, reason: 'collation is not portable' },
  { uses: ['timeseries'], answered: true, reason: 'time series collections are not portable' },
  { uses: ['explain'], reason: 'explain is a method of its own, and no option of aggregate' },
  { id: /\[duplicate_/, reason: 'the recording cannot hold a field twice' },
]

/** Why a case is left out, or undefined when it is in scope. */
export function exclusionOf(oracleCase: OracleCase): string | undefined {
  let names: ReadonlySet<string> | undefined
  const answered = !oracleCase.asserts.some(expectsRefusal)
  return exclusions.find(
    ({ area, id, uses, answered: onlyAnswered }) =>
      (area?.test(oracleCase.area) ?? true) &&
      (id?.test(oracleCase.id) ?? true) &&
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
