import { approximateSize, arraySize } from '../../query/approximate-size.ts'
import { mapBatches } from '../../query/map-batches.ts'
import type { Meter } from '../../query/meter.ts'
import { isDocument, type Document } from '../../query/value.ts'
import { fail } from '../expression/failure.ts'
import { enterDocument, type Evaluate, type Result } from '../expression/scope.ts'
import { checkVariableName } from '../expression/variable.ts'
import { parseFieldPath, writePath } from '../field-path.ts'
import { collectionName, sourceOf } from '../other-collection.ts'
import { createRunScope } from '../run-scope.ts'
import {
  holdAll,
  holdInput,
  type Batch,
  type Batches,
  type CompiledPipeline,
  type ParseStage,
  type Run,
  type StageContext,
} from '../stage.ts'
import { stageFields } from '../stage-argument.ts'
import { fromList } from './facet.ts'
import { ForeignIndex, localValues, type Join } from './lookup-join.ts'

interface Lookup {
  /** Undefined when the nested pipeline makes its own documents. */
  readonly from: string | undefined
  readonly as: readonly string[]
  readonly join: Join | undefined
  readonly variables: readonly (readonly [name: string, evaluate: Evaluate])[]
  readonly pipeline: CompiledPipeline | undefined
}

/** `$lookup`: the documents of another collection that belong to each document, by equality, by a pipeline, or both. */
export const parseLookup: ParseStage = (argument, context, name) => {
  if (!isDocument(argument)) return fail('FailedToParse', `the argument of ${name} must be an object`)
  const fields = stageFields(argument, name, {
    optional: ['from', 'localField', 'foreignField', 'let', 'pipeline', 'as'],
  })
  const as = parseFieldPath(fields['as'], `as of ${name}`)
  const join = readJoin(fields, name)
  const variables = readLet(fields['let'], context, name)
  const from = fields['from'] === undefined ? undefined : collectionName(fields['from'], `from of ${name}`)
  const pipeline = readPipeline(fields['pipeline'], context, {
    name,
    from,
    names: variables.map(([variable]) => variable),
  })
  if (pipeline === undefined) {
    if (join === undefined) fail('FailedToParse', `${name} must have localField and foreignField, or a pipeline`)
    if (fields['let'] !== undefined) fail('FailedToParse', `let of ${name} must come with a pipeline`)
  }
  const lookup: Lookup = { from, as, join, variables, pipeline }
  return { name, run: (input, run) => lookUp(input, lookup, { name, run }) }
}

function readJoin(fields: Readonly<Record<string, unknown>>, name: string): Join | undefined {
  const { localField = null, foreignField = null } = fields
  if (localField === null && foreignField === null) return undefined
  if (localField === null || foreignField === null)
    fail('FailedToParse', `${name} must have localField and foreignField`)
  return {
    local: parseFieldPath(localField, `localField of ${name}`),
    foreign: parseFieldPath(foreignField, `foreignField of ${name}`),
  }
}

/** The variables of a `let`, compiled. */
export function readLet(value: unknown, context: StageContext, name: string): readonly (readonly [string, Evaluate])[] {
  if (value === undefined || value === null) return []
  if (!isDocument(value)) return fail('TypeMismatch', `let of ${name} must be an object`)
  return Object.entries(value).map(([variable, expression]) => {
    checkVariableName(variable)
    return [variable, context.expression(expression)] as const
  })
}

function readPipeline(
  stages: unknown,
  context: StageContext,
  {
    name,
    from,
    names,
  }: { readonly name: string; readonly from: string | undefined; readonly names: readonly string[] },
): CompiledPipeline | undefined {
  if (stages === undefined) return from === undefined ? fail('FailedToParse', `${name} must have 'from'`) : undefined
  if (!Array.isArray(stages)) return fail('TypeMismatch', `pipeline of ${name} must be an array`)
  return context.pipeline(stages, from === undefined ? 'lookupDatabase' : 'lookup', names)
}

interface Where {
  readonly name: string
  readonly run: Run
}

function lookUp(input: Batches, lookup: Lookup, where: Where): Batches {
  const foreign = foreignReader(lookup, where)
  const { meter } = where.run
  const through = lookup.pipeline && pipelineRunner(lookup, lookup.pipeline, where.run)
  return mapBatches(input, meter, async (batch) => {
    const candidates = await foreign(batch)
    return async (document) => {
      meter.work(STEPS_OF_A_DOCUMENT)
      let found = candidates(document)
      if (through !== undefined) found = await through(document, found)
      meter.produce(found.length)
      meter.allocate(arraySize(found.length))
      return writePath(document, lookup.as, { value: found, meter })
    }
  })
}

const STEPS_OF_A_DOCUMENT = 40

/** What the nested pipeline makes of the candidates for a document; of one and the same input only once. */
function pipelineRunner(
  { variables, join }: Lookup,
  pipeline: CompiledPipeline,
  run: Run,
): (document: Document, candidates: readonly Document[]) => Promise<Document[]> {
  const scope = createRunScope(run)
  const { meter } = run
  let shared: Promise<Document[]> | undefined
  return (document, candidates) => {
    if (variables.length === 0 && join === undefined) return (shared ??= holdShared(pipeline, candidates, run))
    enterDocument(scope, document)
    const values: Record<string, Result> = { ...run.variables }
    for (const [variable, evaluate] of variables) values[variable] = evaluate(scope)
    meter.work(candidates.length)
    const inner = { ...run, variables: values, meter: meter.nested(), shares: false }
    return collect(pipeline, candidates, { run: inner, meter })
  }
}

function holdShared(pipeline: CompiledPipeline, documents: readonly Document[], run: Run): Promise<Document[]> {
  const inner = { ...run, shares: false }
  return holdAll(pipeline.run(fromList(documents, run.meter), inner), inner)
}

/** What is collected is in use until the stage hands on its batch: the outer meter pays for it. */
async function collect(
  pipeline: CompiledPipeline,
  documents: readonly Document[],
  { run, meter }: { readonly run: Run; readonly meter: Meter },
): Promise<Document[]> {
  if (documents.length === 0 && pipeline.stages.every(({ each }) => each !== undefined)) return []
  const found: Document[] = []
  for await (const batch of pipeline.run(fromList(documents, run.meter), run)) {
    for (const made of batch) {
      meter.allocate(approximateSize(made))
      found.push(made)
    }
  }
  return found
}

type Candidates = (document: Document) => Document[]

/** Reads foreign documents once per batch of local ones when there is an equality, else once per run. */
function foreignReader({ from, join, pipeline }: Lookup, { name, run }: Where): (batch: Batch) => Promise<Candidates> {
  if (from === undefined) return async () => () => []
  const source = sourceOf(run, name)
  if (join === undefined) {
    let all: Promise<Document[]> | undefined
    return async () => {
      const documents = await (all ??= holdAll(source.read(from, pipeline?.leadingFilter ?? {}), {
        ...run,
        shares: source.shares === true,
      }))
      return () => documents
    }
  }
  const path = join.foreign.join('.')
  return async (batch) => {
    const wanted = new Map(
      batch.flatMap((document) => localValues(document, join, run.meter)).map((value) => [value, value]),
    )
    const inner = { ...run, meter: run.meter.nested(), shares: source.shares === true }
    const index = new ForeignIndex(join, inner.meter)
    for await (const documents of source.read(from, { [path]: { $in: [...wanted.values()] } })) {
      for (const document of documents) {
        holdInput(document, inner)
        index.add(document)
      }
    }
    return (document) => index.matching(localValues(document, join, run.meter))
  }
}
