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
}

export const lanes = {
  memory: { naturalOrder: true, objectIds: true, anyIds: true, referencesAreDocuments: true },
  scripted: { naturalOrder: true, objectIds: true, anyIds: true, referencesAreDocuments: true },
  mongodb: { naturalOrder: true, objectIds: true, anyIds: false, referencesAreDocuments: false },
  dynamodb: { naturalOrder: false, objectIds: false, anyIds: false, referencesAreDocuments: true },
  firestore: { naturalOrder: false, objectIds: false, anyIds: false, referencesAreDocuments: true },
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
    const modified = 'findAndModify' in rest ? [...idOf(query), ...idOf(update)] : []
    return [...written.flatMap((document) => idOf(document)), ...modified]
  })
}

function idsOfUpdate(update: unknown): readonly unknown[] {
  return isPlain(update) ? [update['q'], update['u'], ...fieldsNamed(update['u'], '$set')] : []
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
