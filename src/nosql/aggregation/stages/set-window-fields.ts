import { compareValues } from '../../query/compare.ts'
import { isDocument, type Document, type Value } from '../../query/value.ts'
import { fail } from '../expression/failure.ts'
import { isArray } from '../expression/kinds.ts'
import { constantValue, enterDocument, type Evaluate, type Result } from '../expression/scope.ts'
import { parseFieldPath } from '../field-path.ts'
import { createRunScope } from '../run-scope.ts'
import { parseSortOrder, sortDocuments, type SortOrder } from '../sort-order.ts'
import { holdAll, inBatches, type Batches, type ParseStage, type Run } from '../stage.ts'
import { stageFields } from '../stage-argument.ts'
import { keyBytes, valueKey } from '../../query/value-key.ts'
import { parseWindowFunction } from '../window/window-functions.ts'
import type { WindowFunction } from '../window/window-function.ts'
import { addRule, computeFields, emptyTree, payForCopy, type ProjectionTree } from './projection-tree.ts'

interface WindowFields {
  readonly partitionBy: Evaluate | undefined
  readonly sortBy: SortOrder | undefined
  readonly functions: readonly WindowFunction[]
  /** Puts the values in the scope's slots where they belong. */
  readonly tree: ProjectionTree
}

/** `$setWindowFields`: fields computed from the documents around each document. */
export const parseSetWindowFields: ParseStage = (argument, context, name) => {
  if (!isDocument(argument)) return fail('FailedToParse', `the argument of ${name} must be an object`)
  const fields = stageFields(argument, name, { required: ['output'], optional: ['partitionBy', 'sortBy'] })
  const { partitionBy, sortBy, output } = fields
  if (!isDocument(output)) return fail('TypeMismatch', `output of ${name} must be an object`)
  const order = sortBy === undefined ? undefined : parseSortOrder(sortBy, `sortBy of ${name}`)
  const tree = emptyTree()
  const functions = Object.entries(output).map(([field, value], index) => {
    addRule(tree, parseFieldPath(field, `a field of ${name}`), (scope) => scope.slots[index])
    return parseWindowFunction(value, context, order)
  })
  const partition = partitionBy === undefined ? undefined : context.expression(partitionBy)
  if (partition?.constant) checkPartition(constantValue(partition))
  const plan: WindowFields = {
    partitionBy: partition?.constant ? undefined : partition,
    sortBy: order,
    functions,
    tree,
  }
  return { name, run: (input, run) => setWindowFields(input, plan, run) }
}

function checkPartition(value: Result): void {
  if (isArray(value)) fail('TypeMismatch', 'partitionBy must not be an array')
}

async function* setWindowFields(input: Batches, plan: WindowFields, run: Run): Batches {
  const documents = await holdAll(input, run)
  for (const members of partitions(documents, plan, run)) {
    const { allocated } = run.meter
    yield* inBatches(computeWindows(members, plan, run), run.meter)
    run.meter.release(allocated)
  }
}

/** The partitions in the order of their keys, each in the order asked for. */
function partitions(
  documents: readonly Document[],
  { partitionBy, sortBy }: WindowFields,
  run: Run,
): readonly Document[][] {
  const sorted = sortBy === undefined ? [...documents] : sortDocuments(documents, sortBy, run.meter)
  if (partitionBy === undefined) return [sorted]
  const scope = createRunScope(run)
  const groups = new Map<unknown, { readonly key: Value; readonly members: Document[] }>()
  for (const document of sorted) {
    const value = partitionBy(enterDocument(scope, document)) ?? null
    checkPartition(value)
    const key = valueKey(value, run.meter)
    const group = groups.get(key)
    run.meter.holdBytes(group === undefined ? keyBytes(key) + 100 : 8)
    if (group === undefined) groups.set(key, { key: value, members: [document] })
    else group.members.push(document)
  }
  return [...groups.values()].sort((a, b) => compareValues(a.key, b.key, run.meter)).map(({ members }) => members)
}

function* computeWindows(
  documents: readonly Document[],
  { functions, tree }: WindowFields,
  run: Run,
): Iterable<Document> {
  const columns = functions.map((compute) => compute({ documents, run, scope: createRunScope(run) }))
  const scope = createRunScope(run)
  for (const [at, document] of documents.entries()) {
    for (let index = 0; index < columns.length; index++) scope.slots[index] = columns[index]?.[at]
    payForCopy(document, tree, run.meter)
    const output: Record<string, Value> = { ...document }
    computeFields(output, tree, scope)
    yield output
  }
}
