import { meantName } from '../../core/nearest-name.ts'
import { NoSQLFilterError } from '../errors.ts'
import { assertEvaluable, assertStages } from '../query/assert-evaluable.ts'
import { inside, shownOperator } from '../query/refusal.ts'
import type { ExpressionEngine } from '../query/expression-engine.ts'
import type { Meter } from '../query/meter.ts'
import { compileFilter } from '../query/filter/compile-filter.ts'
import { parseFilter } from '../query/filter/parse-filter.ts'
import { isDocument, type Document } from '../query/value.ts'
import { compileExpression } from './expression/compile.ts'
import { fail } from './expression/failure.ts'
import { INDEX_METADATA, metadataOf } from './expression/metadata.ts'
import { createScope, enterDocument, type Scope } from './expression/scope.ts'
import type { KnownVariables } from './expression/variable.ts'
import { createRunScope } from './run-scope.ts'
import { withBoundedOutput } from './bounded-output.ts'
import { fuseStages } from './fuse-stages.ts'
import type { Batches, CompiledPipeline, Place, Run, Stage, StageContext } from './stage.ts'
import { redactVariables } from './stages/redact.ts'
import { stageNamed, stageNames } from './stages/stages.ts'

const DEEPEST = 20
/** Compiling a stage, and starting it. */
const STEPS_OF_A_STAGE = 300

/** The place of a pipeline and what it sees. */
export interface PipelineSurroundings {
  readonly place: Place
  readonly variables: readonly string[]
  /** Values of variables that are the same for every document: `let` and `$$NOW`, where the run is known. */
  readonly known?: KnownVariables | undefined
  /** For the `$expr` of its filters. */
  readonly engine: ExpressionEngine
  /** Pays for compiling. */
  readonly meter: Meter
  /** Metadata that a server could have beside the documents. */
  readonly metadata: ReadonlySet<string>
  readonly depth: number
  readonly inFacet: boolean
  /** For errors: the place of the pipeline. */
  readonly at: string
}

/** Compiles a pipeline; whatever MongoDB refuses before it reads a document is refused here. */
export function compilePipeline(stages: unknown, surroundings: PipelineSurroundings): CompiledPipeline {
  const { place, at, depth } = surroundings
  assertStages(stages, place === 'update' && depth === 0)
  if (depth > DEEPEST) fail('MaxSubPipelineDepthExceeded', `pipelines must be nested at most ${DEEPEST} deep`)
  if (depth === 0) assertEvaluable(stages, at, surroundings.meter)
  const metadata = metadataOf(stages, surroundings.metadata)
  const compiled = stages.map((stage, index) =>
    compileStage(
      stage,
      { ...surroundings, metadata, at: `${at}[${index}]` },
      { first: index === 0, last: index === stages.length - 1 },
    ),
  )
  if (isDatabase(place) && compiled[0]?.source !== true) {
    fail('InvalidNamespace', 'a pipeline without a collection must begin with $documents')
  }
  const fused = fuseStages(compiled)
  return {
    stages: fused,
    leadingFilter: leadingFilter(stages),
    run: (input, run) => runStages(fused, input, run),
  }
}

/** Documents belong to the store as long as no stage has made others. */
function runStages(stages: readonly Stage[], input: Batches, run: Run): Batches {
  let batches = input
  let current = run
  run.meter.work(stages.length * STEPS_OF_A_STAGE)
  for (const stage of stages) {
    batches = stage.run(batches, current)
    if (current.shares && stage.passes !== true) current = { ...current, shares: false }
  }
  return batches
}

function isDatabase(place: Place): boolean {
  return place === 'database' || place === 'lookupDatabase' || place === 'unionDatabase'
}

function compileStage(
  stage: Readonly<Record<string, unknown>>,
  surroundings: PipelineSurroundings,
  { first, last }: { readonly first: boolean; readonly last: boolean },
): Stage {
  surroundings.meter.work(STEPS_OF_A_STAGE)
  const [name = ''] = Object.keys(stage)
  const kind = stageNamed(name)
  if (kind === undefined) return refuseStage(name)
  if (kind.places === undefined ? surroundings.place === 'update' : !kind.places.includes(surroundings.place)) {
    fail(40600, `${name} cannot be used: this pipeline does not allow the stage`)
  }
  if (kind.outsideFacet && surroundings.inFacet) fail(40600, `${name} cannot be used: it is inside $facet`)
  if (kind.position === 'first' && !first) fail(40602, `${name} must be the first stage`)
  if (kind.position === 'last' && !last) fail(40601, `${name} must be the last stage`)
  const parsed = locate(`${surroundings.at}.${name}`, () =>
    kind.parse(stage[name], stageContext(surroundings, name), name),
  )
  return kind.computes === true ? withBoundedOutput(parsed) : parsed
}

function refuseStage(name: string): never {
  const message = `${shownOperator(name)} cannot be used: the stage is unknown, or not portable`
  return fail(40324, message, meantName(name, stageNames))
}

/** Says where in the pipeline the refusal was, once. */
function locate<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof NoSQLFilterError) || error.path?.startsWith('pipeline') === true) throw error
    const { message, reason, hint } = error
    throw new NoSQLFilterError(message, {
      reason,
      hint,
      path: error.path ? inside(path, error.path) : path,
      cause: error,
    })
  }
}

function stageContext(surroundings: PipelineSurroundings, name: string): StageContext {
  const { variables, known, metadata, place, depth, at, meter } = surroundings
  return {
    place,
    expression: (expression) => compileExpression(expression, { metadata, variables, known, meter }),
    redactExpression: (expression) =>
      compileExpression(expression, {
        metadata,
        meter,
        known,
        variables: [...variables, ...Object.keys(redactVariables)],
      }),
    filter: (filter) => compileStageFilter(filter, surroundings),
    pipeline: (stages, inner, declare = []) =>
      compilePipeline(stages, {
        ...surroundings,
        place: inner,
        metadata: inner === 'facet' ? metadata : INDEX_METADATA,
        inFacet: surroundings.inFacet || inner === 'facet',
        depth: depth + 1,
        variables: [...new Set([...variables, ...declare])],
        known: known && Object.fromEntries(Object.entries(known).filter(([variable]) => !declare.includes(variable))),
        at: `${at}.${name}`,
      }),
  }
}

/** A filter is parsed once, compiled once an operation, and evaluated in the scope of the run that asks: nothing awaits in between. */
function compileStageFilter(
  filter: unknown,
  { engine, variables, known, meter }: PipelineSurroundings,
): ReturnType<StageContext['filter']> {
  let scope: Scope = createScope({ now: new Date(0), random: () => 0, meter })
  const expression: ExpressionEngine['expression'] = (source) => {
    const evaluate = compileExpression(source, { variables, known, meter })
    return (document) => {
      const { allocated } = scope.meter
      const value = evaluate(enterDocument(scope, document))
      scope.meter.release(allocated)
      return value
    }
  }
  const node = parseFilter(filter, { engine: { ...engine, expression }, meter })
  let last: { readonly operation: Meter; readonly matches: (document: Document) => boolean } | undefined
  return (run: Run) => {
    const own = createRunScope(run)
    const { operation } = run.meter
    if (last?.operation !== operation) last = { operation, matches: compileFilter(node, operation) }
    const { matches } = last
    return (document: Document) => {
      scope = own
      return matches(document)
    }
  }
}

/** The filter of a leading `$match`, unless it holds an expression, whose variables only the pipeline knows. */
function leadingFilter(stages: readonly unknown[]): Document | undefined {
  const [first] = stages
  const filter = isDocument(first) ? first['$match'] : undefined
  return isDocument(filter) && !mentionsExpression(filter) ? filter : undefined
}

function mentionsExpression(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(mentionsExpression)
  return isDocument(value) && Object.entries(value).some(([key, inner]) => key === '$expr' || mentionsExpression(inner))
}
