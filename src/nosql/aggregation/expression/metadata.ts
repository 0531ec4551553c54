import { fail, unsupported } from './failure.ts'
import { typeName } from './kinds.ts'
import type { Operator } from './parse.ts'
import { constant, type Result } from './scope.ts'

/** What search, `$sample` or an index would have put beside a document. */
const ABSENT: ReadonlySet<string> = new Set([
  'indexKey',
  'randVal',
  'searchHighlights',
  'searchScore',
  'searchScoreDetails',
  'searchSequenceToken',
  'vectorSearchScore',
])

/** What a query has to have made: MongoDB refuses to read it elsewhere. */
const UNAVAILABLE: ReadonlySet<string> = new Set(['geoNearDistance', 'geoNearPoint', 'textScore'])

const OF_A_SERVER: ReadonlySet<string> = new Set(['recordId', 'score', 'scoreDetails', 'sortKey', 'stream'])

/** Documents carry no metadata here, so that it is missing where MongoDB would have none either, and refused elsewhere. */
export const meta: Operator = (argument, parse) => {
  if (typeof argument !== 'string')
    return fail(17307, `the argument of $meta must be a string, not ${typeName(argument as Result)}`)
  if (ABSENT.has(argument) && !parse.metadata.has(argument)) return constant(undefined)
  if (UNAVAILABLE.has(argument)) return fail(40218, '$meta cannot be read: the query does not produce this metadata')
  if (!ABSENT.has(argument) && !OF_A_SERVER.has(argument))
    return fail(17308, 'the argument of $meta must be a known name')
  return unsupported(
    `$meta: '${argument}' cannot run here: it needs a MongoDB server`,
    'Run it on MongoDB, or compute in the program.',
  )
}

const BY_STAGE: ReadonlyMap<string, string> = new Map([
  ['$group', 'indexKey'],
  ['$match', 'indexKey'],
  ['$sort', 'indexKey'],
  ['$sample', 'randVal'],
])

/** What a server could have beside documents that are read by an index. */
export const INDEX_METADATA: ReadonlySet<string> = new Set(['indexKey'])

/** What a server could have beside the documents of a pipeline with these stages. */
export function metadataOf(stages: readonly unknown[], given: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...given, ...stages.flatMap((stage) => BY_STAGE.get(Object.keys(Object(stage))[0] ?? '') ?? [])])
}
