import { arraySize } from '../../query/approximate-size.ts'
import { mapBatches } from '../../query/map-batches.ts'
import type { Meter } from '../../query/meter.ts'
import { collectAtPath } from '../../query/path.ts'
import { isDocument, type Document, type Value } from '../../query/value.ts'
import { fail } from '../expression/failure.ts'
import { isArray } from '../expression/kinds.ts'
import { enterDocument, type Evaluate } from '../expression/scope.ts'
import { parseFieldPath, writePath } from '../field-path.ts'
import { collectionName, sourceOf } from '../other-collection.ts'
import { createRunScope } from '../run-scope.ts'
import { holdInput, type Batches, type ParseStage, type Run, type StageContext } from '../stage.ts'
import { stageFields } from '../stage-argument.ts'
import { keyBytes, valueKey } from '../../query/value-key.ts'

interface GraphLookup {
  readonly name: string
  readonly from: string
  readonly startWith: Evaluate
  readonly connectFrom: readonly string[]
  readonly connectTo: string
  readonly as: readonly string[]
  readonly maxDepth: number
  readonly depthField: readonly string[] | undefined
  readonly restrict: ReturnType<StageContext['filter']> | undefined
}

const REQUIRED = ['from', 'startWith', 'connectFromField', 'connectToField', 'as']

/** `$graphLookup`: all documents that can be reached over one field's values, breadth first. The depth is an int64. */
export const parseGraphLookup: ParseStage = (argument, context, name) => {
  if (!isDocument(argument)) return fail('FailedToParse', `the argument of ${name} must be an object`)
  const fields = stageFields(argument, name, {
    required: REQUIRED,
    optional: ['maxDepth', 'depthField', 'restrictSearchWithMatch'],
  })
  const { depthField, restrictSearchWithMatch: restrict } = fields
  if (restrict !== undefined && !isDocument(restrict))
    return fail(40185, `restrictSearchWithMatch of ${name} must be a filter`)
  const plan: GraphLookup = {
    name,
    from: collectionName(fields['from'], `from of ${name}`),
    startWith: context.expression(fields['startWith']),
    connectFrom: path(fields['connectFromField'], `connectFromField of ${name}`),
    connectTo: path(fields['connectToField'], `connectToField of ${name}`).join('.'),
    as: path(fields['as'], `as of ${name}`),
    maxDepth: readDepth(fields['maxDepth'], name),
    depthField: depthField === undefined ? undefined : path(depthField, `depthField of ${name}`),
    restrict: restrict === undefined ? undefined : context.filter(restrict),
  }
  return { name, run: (input, run) => graphLookup(input, plan, run) }
}

function path(value: unknown, what: string): readonly string[] {
  return typeof value === 'string' ? parseFieldPath(value, what) : fail(40103, `${what} must be a string`)
}

function readDepth(value: unknown, name: string): number {
  if (value === undefined) return Infinity
  if (typeof value !== 'number' && typeof value !== 'bigint') return fail(40100, `maxDepth of ${name} must be a number`)
  if (value < 0) fail(40101, `maxDepth of ${name} must not be negative`)
  const depth = Number(value)
  return Number.isInteger(depth) ? depth : fail(40102, `maxDepth of ${name} must be a whole number`)
}

function graphLookup(input: Batches, plan: GraphLookup, run: Run): Batches {
  const scope = createRunScope(run)
  const { meter } = run
  return mapBatches(input, meter, async () => async (document) => {
    const start = plan.startWith(enterDocument(scope, document))
    const values = start === undefined ? [] : isArray(start) ? start : [start]
    const found = await search(values, plan, run)
    meter.allocate(arraySize(found.length))
    return writePath(document, plan.as, { value: found, meter })
  })
}

/** Asking for the documents of one level. */
const STEPS_OF_A_READ = 1000
const STEPS_OF_A_DOCUMENT = 20

/** One read per level; a document is met once, at its smallest depth. */
async function search(start: readonly Value[], plan: GraphLookup, run: Run): Promise<Document[]> {
  const source = sourceOf(run, plan.name)
  const meter = run.meter.nested()
  const inner = { ...run, meter, shares: source.shares === true }
  const accepts = plan.restrict?.(run) ?? ((): boolean => true)
  const met = new Set<unknown>()
  const searched = new Set<unknown>()
  const found: Document[] = []
  let frontier = unsearched(start, searched, meter)
  for (let depth = 0; frontier.length > 0 && depth <= plan.maxDepth; depth++) {
    const next: Value[] = []
    meter.work(STEPS_OF_A_READ)
    for await (const batch of source.read(plan.from, { [plan.connectTo]: wanted(frontier) })) {
      for (const document of batch) {
        meter.work(STEPS_OF_A_DOCUMENT)
        const key = valueKey(document['_id'], meter)
        if (met.has(key) || !accepts(document)) continue
        met.add(key)
        meter.holdBytes(keyBytes(key))
        holdInput(document, inner)
        found.push(
          plan.depthField === undefined
            ? document
            : writePath(document, plan.depthField, { value: BigInt(depth), meter }),
        )
        for (const value of collectAtPath(document, plan.connectFrom)) {
          meter.allocate(8)
          next.push(value)
        }
      }
    }
    frontier = unsearched(next, searched, meter)
    if (meter.tired) await meter.rest()
  }
  run.meter.produce(found.length)
  return found
}

/** A document without the field is never met, though it equals null elsewhere. */
function wanted(frontier: readonly Value[]): Document {
  return { $in: frontier, ...(frontier.includes(null) && { $exists: true }) }
}

function unsearched(values: readonly Value[], searched: Set<unknown>, meter: Meter): Value[] {
  return values.filter((value) => {
    const key = valueKey(value, meter)
    if (searched.has(key)) return false
    meter.holdBytes(keyBytes(key))
    searched.add(key)
    return true
  })
}
