import type { DocumentBatches, PipelineSource, PipelineTarget } from '../query/expression-engine.ts'
import type { Document } from '../query/value.ts'
import type { ExtentLimit } from './expression/array/growth.ts'
import type { Evaluate, Result } from './expression/scope.ts'
import { FULL_BATCH, mapBatches } from '../query/map-batches.ts'
import type { Meter } from '../query/meter.ts'

/** Documents move through a pipeline in batches, so that a stage awaits once per batch and not once per document. */
export type Batch = readonly Document[]
export type Batches = DocumentBatches

export type VariableValues = Readonly<Record<string, Result>>

/** What the stages of one pipeline run share. */
export interface Run {
  readonly now: Date
  readonly random: () => number
  readonly variables: VariableValues
  readonly meter: Meter
  /** The documents that come in belong to the store still: holding them costs no more than a reference. */
  readonly shares: boolean
  readonly growth: ExtentLimit
  readonly source: PipelineSource | undefined
  readonly target: PipelineTarget | undefined
}

/** Turns a document into another, or drops it. */
export type EachDocument = (document: Document) => Document | undefined

export interface Stage {
  readonly name: string
  readonly run: (input: Batches, run: Run) => Batches
  /** Set for stages that look at one document at a time; neighbours are then fused into one pass. */
  readonly each?: (run: Run) => EachDocument
  /** Set on `$limit`, so that a `$sort` before it keeps no more. */
  readonly limit?: number
  /** A copy of this stage that keeps only the first documents of its order. */
  readonly keepFirst?: (limit: number) => Stage
  /** True for stages that hand on the documents that came in. */
  readonly passes?: boolean
  /** True for stages that make their own input and read none, so must come first. */
  readonly source?: boolean
}

/** The place of a pipeline, which decides what stages it may have. */
export type Place =
  | 'collection'
  | 'database'
  | 'facet'
  | 'lookup'
  | 'lookupDatabase'
  | 'union'
  | 'unionDatabase'
  | 'update'

export interface CompiledPipeline {
  readonly stages: readonly Stage[]
  /** A filter that matches every input document that the pipeline can let through. The reader of the input applies it. */
  readonly leadingFilter: Document | undefined
  readonly run: (input: Batches, run: Run) => Batches
}

/** What a stage's parser may use. */
export interface StageContext {
  readonly place: Place
  readonly expression: (expression: unknown) => Evaluate
  /** The same, where `$$DESCEND`, `$$PRUNE` and `$$KEEP` exist. */
  readonly redactExpression: (expression: unknown) => Evaluate
  /** Compiles a filter whose `$expr` sees the variables of this pipeline. */
  readonly filter: (filter: unknown) => (run: Run) => (document: Document) => boolean
  /** Compiles a nested pipeline; `declare` adds variables that it sees. */
  readonly pipeline: (stages: unknown, place: Place, declare?: readonly string[]) => CompiledPipeline
}

export type ParseStage = (argument: unknown, context: StageContext, name: string) => Stage

/** A stage that looks at one document at a time. */
export function eachStage(
  name: string,
  each: (run: Run) => EachDocument,
  { passes = false }: { readonly passes?: boolean } = {},
): Stage {
  return {
    name,
    each,
    passes,
    run: (input, run) => mapEach(input, each(run), run.meter),
  }
}

/** The work of taking one document from one stage to the next. */
const STEPS_OF_A_DOCUMENT = 4

export function mapEach(input: Batches, each: EachDocument, meter: Meter): Batches {
  return mapBatches(input, meter, (batch) => {
    meter.work(batch.length * STEPS_OF_A_DOCUMENT)
    return each
  })
}

const BATCH = 1000

/** Cuts what is long, or made while it is read, into batches. */
export async function* inBatches(documents: Iterable<Document>, meter: Meter): Batches {
  const { allocated } = meter
  let batch: Document[] = []
  for (const document of documents) {
    batch.push(document)
    if (meter.tired) await meter.rest()
    if (batch.length < BATCH && meter.allocated - allocated < FULL_BATCH) continue
    yield batch
    batch = []
    meter.release(allocated)
  }
  if (batch.length > 0) yield batch
  meter.release(allocated)
}

/** Documents of a store are there anyway. */
const BYTES_OF_A_REFERENCE = 64

/** Pays for keeping a document that has come in. */
export function holdInput(document: Document, { meter, shares }: Run): void {
  if (shares) meter.holdBytes(BYTES_OF_A_REFERENCE)
  else meter.hold(document)
}

/** Reads everything, paying for what it keeps. */
export async function holdAll(input: Batches, run: Run): Promise<Document[]> {
  const documents: Document[] = []
  for await (const batch of input) {
    for (const document of batch) {
      holdInput(document, run)
      documents.push(document)
    }
    if (run.meter.tired) await run.meter.rest()
  }
  return documents
}
