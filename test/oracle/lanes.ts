import { expectsRefusal, type OracleCase } from './runner/case.ts'
import { fieldsNamed, isPlain } from './walk.ts'

/** What a database does not promise or has no type for, so that a case which needs it is judged otherwise or left out. */
export interface LaneTraits {
  /** Documents come in the order of insertion where nothing sorts them. */
  readonly naturalOrder: boolean
  readonly objectIds: boolean
  /** An `_id` may be of any type, not only text, a number or an ObjectId. */
  readonly anyIds: boolean
  /** A document with the fields `$ref` and `$id` is a document, and not a reference. */
  readonly referencesAreDocuments: boolean
  /** Dates before the year 1 and after 9999 can be stored. */
  readonly anyDates: boolean
}

export const lanes = {
  memory: { naturalOrder: true, objectIds: true, anyIds: true, referencesAreDocuments: true, anyDates: true },
  scripted: { naturalOrder: true, objectIds: true, anyIds: true, referencesAreDocuments: true, anyDates: true },
  mongodb: { naturalOrder: true, objectIds: true, anyIds: false, referencesAreDocuments: false, anyDates: true },
  dynamodb: { naturalOrder: false, objectIds: false, anyIds: false, referencesAreDocuments: true, anyDates: true },
  firestore: { naturalOrder: false, objectIds: false, anyIds: false, referencesAreDocuments: true, anyDates: false },
} as const satisfies Readonly<Record<string, LaneTraits>>

export type LaneName = keyof typeof lanes

export function isLaneName(name: string): name is LaneName {
  return Object.hasOwn(lanes, name)
}

/** Why a case is left out of a lane, or undefined when it is in scope. */
export function laneExclusionOf(oracleCase: OracleCase, traits: LaneTraits): string | undefined {
  const { ops, asserts } = oracleCase
  const stored = ops.filter(({ op }) => op === 'insert')
  if (!traits.objectIds && fieldsNamed(stored, '$oid').length > 0) return 'this database has no ObjectId'
  if (!traits.referencesAreDocuments && fieldsNamed(stored, '$ref').length > 0) {
    return 'the vendor’s driver reads a document with $ref as a DBRef'
  }
  if (!traits.anyDates && fieldsNamed(stored, '$date').some(isFarDate)) return 'this database has no such date'
  // What the recorded server refused must be refused here too.
  if (asserts.some(expectsRefusal)) return undefined
  if (!traits.objectIds && fieldsNamed([ops, asserts], '$oid').length > 0) return 'this database has no ObjectId'
  if (!traits.anyIds && storedIds(oracleCase).some(isForeignId)) return 'an _id is text, a number or an ObjectId'
  if (!traits.naturalOrder && asksForFirst(oracleCase)) return 'this database has no natural order'
  return undefined
}

/** True for a command whose answer may come in any order: nothing sorts it. */
export function isUnordered(command: unknown): boolean {
  if (!isPlain(command)) return false
  if ('find' in command) return !isPlain(command['sort']) || Object.keys(command['sort']).length === 0
  return 'aggregate' in command && fieldsNamed(command['pipeline'], '$sort').length === 0
}

/** True for a command whose answer holds lists of documents that nothing sorts. */
export function nestsUnordered(command: unknown): boolean {
  const nesting = ['$lookup', '$facet', '$graphLookup']
  return isUnordered(command) && nesting.some((stage) => fieldsNamed(command, stage).length > 0)
}

/** The ids of documents that are inserted, or expected after a write. */
function storedIds({ ops }: OracleCase): readonly unknown[] {
  return ops.flatMap((operation) => {
    if (operation.op === 'insert') return operation.docs.flatMap((document) => idOf(document))
    if (operation.op !== 'command') return []
    const { documents = [], updates = [], query, update, ...rest } = operation.cmd
    const written: readonly unknown[] = [...listOf(documents), ...listOf(updates).flatMap((each) => idsOfUpdate(each))]
    const modified = 'findAndModify' in rest ? [...idOf(query), ...idOf(update), ...idsOfPipeline(update)] : []
    return [...written.flatMap((document) => idOf(document)), ...modified]
  })
}

function idsOfUpdate(update: unknown): readonly unknown[] {
  return isPlain(update) ? [update['q'], update['u'], ...fieldsNamed(update['u'], '$set')] : []
}

/** Null for an id that an expression computes, which may be of any type. */
function idsOfPipeline(update: unknown): readonly unknown[] {
  const ids = listOf(update).flatMap((stage) => (isPlain(stage) ? Object.values(stage).flatMap(idOf) : []))
  return ids.map((id) => (typeof id === 'string' && id.startsWith('$') ? null : id))
}

const [firstDate, lastDate] = ['0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z'].map(Date.parse) as [number, number]

function isFarDate(milliseconds: unknown): boolean {
  return typeof milliseconds === 'number' && (milliseconds < firstDate || milliseconds > lastDate)
}

function idOf(document: unknown): readonly unknown[] {
  return isPlain(document) && '_id' in document ? [document['_id']] : []
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function isForeignId(id: unknown): boolean {
  if (typeof id === 'string') return id === ''
  if (typeof id === 'number') return false
  if (!isPlain(id)) return true
  const [only, ...others] = Object.keys(id)
  return others.length > 0 || only === '$date' || only?.startsWith('$') !== true
}

/** A part of what nothing sorts: the first documents, or one of several. */
function asksForFirst({ ops }: OracleCase): boolean {
  return ops.some((operation) => {
    if (operation.op !== 'command' || !isUnordered(operation.cmd)) return false
    const { limit, skip, pipeline } = operation.cmd
    return Boolean(limit) || Boolean(skip) || orderedStages.some((stage) => fieldsNamed(pipeline, stage).length > 0)
  })
}

/** Stages and accumulators whose result follows the order of what they are given. */
const orderedStages = [
  '$limit',
  '$skip',
  '$first',
  '$last',
  '$firstN',
  '$lastN',
  '$push',
  '$mergeObjects',
  '$fill',
  '$documentNumber',
]
