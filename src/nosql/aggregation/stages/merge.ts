import { DuplicateKeyError } from '../../../core/errors.ts'
import { withId } from '../../query/kept-id.ts'
import { isDocument, type Document, type Value } from '../../query/value.ts'
import { fail } from '../expression/failure.ts'
import { enterDocument, type Evaluate, type Result } from '../expression/scope.ts'
import { parseFieldPath, readPath, writePath } from '../field-path.ts'
import { sourceOf, targetOf, writableName } from '../other-collection.ts'
import { createRunScope } from '../run-scope.ts'
import { holdAll, type Batches, type CompiledPipeline, type ParseStage, type Run, type StageContext } from '../stage.ts'
import { objectArgument, stageFields } from '../stage-argument.ts'
import { fromList } from './facet.ts'
import { readLet } from './lookup.ts'
import { databaseIn, intoFields } from './out.ts'

type Matched = 'replace' | 'keepExisting' | 'merge' | 'fail' | CompiledPipeline
type NotMatched = 'insert' | 'discard' | 'fail'

interface Merge {
  readonly name: string
  readonly into: string
  readonly database: string | undefined
  readonly on: readonly string[]
  readonly whenMatched: Matched
  readonly whenNotMatched: NotMatched
  readonly variables: readonly (readonly [name: string, evaluate: Evaluate])[]
}

/** `$merge`: writes each document into a collection, beside, over or into the one that it matches there. */
export const parseMerge: ParseStage = (argument, context, name) => {
  const fields: Readonly<Record<string, unknown>> =
    typeof argument === 'string'
      ? { into: argument }
      : stageFields(objectArgument(argument, name), name, {
          required: ['into'],
          optional: ['on', 'let', 'whenMatched', 'whenNotMatched'],
        })
  const { on, let: given, whenMatched, whenNotMatched } = fields
  const variables = given ?? undefined
  if (variables !== undefined && !Array.isArray(whenMatched))
    fail(51199, `let of ${name} must come with a pipeline as whenMatched`)
  const plan: Merge = {
    name,
    ...readInto(fields['into'], name),
    on: readOn(on, name),
    variables:
      variables === undefined ? [['new', context.expression('$$ROOT')]] : readLetWithNew(variables, context, name),
    whenMatched: readMatched(whenMatched, context, { name, variables }),
    whenNotMatched: readNotMatched(whenNotMatched, name),
  }
  return { name, run: (input, run) => merge(input, plan, run) }
}

function readInto(into: unknown, name: string): Pick<Merge, 'into' | 'database'> {
  if (typeof into === 'string') return { into: writableName(into, `into of ${name}`), database: undefined }
  if (!isDocument(into)) return fail(51178, `into of ${name} must be a name or an object`)
  const fields = intoFields(stageFields(into, `into of ${name}`, { required: ['coll'], optional: ['db'] }), name)
  return { into: writableName(fields['coll'], `coll of ${name}`), database: databaseIn(fields['db']) }
}

function readOn(on: unknown, name: string): readonly string[] {
  if (on === undefined) return ['_id']
  if (typeof on !== 'string' && !Array.isArray(on)) fail(51186, `on of ${name} must be a field or an array of fields`)
  const fields: readonly unknown[] = Array.isArray(on) ? on : [on]
  if (fields.length === 0) fail(51187, `on of ${name} must name at least one field`)
  for (const [index, field] of fields.entries()) {
    if (typeof field !== 'string') fail(51134, `on of ${name} must hold strings`)
    parseFieldPath(field, `on of ${name}`)
    if (fields.indexOf(field) !== index) fail(31465, `on of ${name} must name each field once`)
  }
  return fields as readonly string[] // the loop refuses what is not a string
}

function readLetWithNew(value: unknown, context: StageContext, name: string): Merge['variables'] {
  const variables = readLet(value, context, name)
  const own = variables.find(([variable]) => variable === 'new')
  // `readLet` finds variables in an object only.
  if (own !== undefined && (value as Readonly<Record<string, unknown>>)['new'] !== '$$ROOT') {
    fail(51273, `let of ${name} must not define 'new' as anything but $$ROOT`)
  }
  return own === undefined ? [['new', context.expression('$$ROOT')], ...variables] : variables
}

function readMatched(
  value: unknown,
  context: StageContext,
  { name, variables }: { readonly name: string; readonly variables: unknown },
): Matched {
  if (value === undefined) return 'merge'
  if (Array.isArray(value)) {
    const names = isDocument(variables) ? Object.keys(variables) : []
    return context.pipeline(value, 'update', ['new', ...names])
  }
  if (typeof value !== 'string') return fail(51191, `whenMatched of ${name} must be a string or a pipeline`)
  return value === 'replace' || value === 'keepExisting' || value === 'merge' || value === 'fail'
    ? value
    : fail('BadValue', `whenMatched of ${name} must be a known action`)
}

function readNotMatched(value: unknown, name: string): NotMatched {
  if (value === undefined) return 'insert'
  if (typeof value !== 'string') return fail('TypeMismatch', `whenNotMatched of ${name} must be a string`)
  return value === 'insert' || value === 'discard' || value === 'fail'
    ? value
    : fail('BadValue', `whenNotMatched of ${name} must be a known action`)
}

async function* merge(input: Batches, plan: Merge, run: Run): Batches {
  const unique = await targetOf(run, plan.name, plan.database).isUnique(plan.into, plan.on)
  if (unique === false) fail(51183, `${plan.name} cannot run: no unique index covers the fields of 'on'`)
  const merging: Merging = { plan, run, isSparse: unique === 'sparse' }
  let duplicate: DuplicateKeyError | undefined
  for (const document of await holdAll(input, run)) {
    try {
      await mergeOne(document, merging)
    } catch (error) {
      // MongoDB sends these inserts unordered: one that exists already does not stop the others.
      if (plan.whenMatched !== 'fail' || !(error instanceof DuplicateKeyError)) throw error
      duplicate ??= error
    }
  }
  if (duplicate !== undefined) throw duplicate
  yield []
}

interface Merging {
  readonly plan: Merge
  readonly run: Run
  /** The index over the fields of `on` may hold several documents that lack them. */
  readonly isSparse: boolean
}

async function mergeOne(document: Document, merging: Merging): Promise<void> {
  const { plan, run } = merging
  const target = targetOf(run, plan.name)
  const existing = await find(document, merging)
  if (existing === undefined) {
    if (plan.whenNotMatched === 'fail')
      fail(13113, `${plan.name} cannot write a document: it matches none in the collection`)
    if (plan.whenNotMatched === 'insert') await target.insert(plan.into, inserted(document, merging))
    return
  }
  if (plan.whenMatched === 'fail')
    throw new DuplicateKeyError(`${plan.name} cannot insert a document: one with the same fields exists`)
  if (plan.whenMatched === 'keepExisting') return
  const next = await replacement(document, existing, { plan, run })
  await target.replace(plan.into, withId(next, existing['_id']))
}

async function find(document: Document, { plan, run, isSparse }: Merging): Promise<Document | undefined> {
  const { name, on, into } = plan
  const filter: Record<string, Value> = {}
  for (const field of on) {
    const value = readPath(document, field.split('.')) ?? null
    if (value === null) {
      if (field === '_id') return undefined
      if (isSparse) fail(51132, `documents of ${name} must have the fields of 'on', since their index is sparse`)
    }
    if (Array.isArray(value)) fail(51185, `documents of ${name} must not have an array in a field of 'on'`)
    filter[field] = { $eq: value }
  }
  for await (const [first] of sourceOf(run, name).read(into, filter)) if (first !== undefined) return first
  return undefined
}

/** An upsert with `$set` or `$setOnInsert` inserts what it looked for: null, where a document lacks a field of `on`. */
function inserted(document: Document, { plan: { on, whenMatched }, run: { meter } }: Merging): Document {
  if (whenMatched !== 'merge' && whenMatched !== 'keepExisting') return document
  const lacking = on.map((field) => field.split('.')).filter(([name = '_id']) => name !== '_id' && !(name in document))
  return setAll(
    lacking.reduce<Document>((made, path) => writePath(made, path, { value: null, meter }), {}),
    document,
  )
}

/** As `$set` does: fields that are there keep their places, and new ones follow in the order of their names. */
function setAll(existing: Document, document: Document): Document {
  const sorted = Object.entries(document).sort(([a], [b]) => (a < b ? -1 : 1))
  return { ...existing, ...Object.fromEntries(sorted) }
}

function undefinedVariable(name: string): never {
  return fail(17276, `variables of ${name} must have a value`)
}

async function replacement(
  document: Document,
  existing: Document,
  { plan, run }: { readonly plan: Merge; readonly run: Run },
): Promise<Document> {
  if (plan.whenMatched === 'replace') return document
  if (typeof plan.whenMatched === 'string') return setAll(existing, document)
  const scope = enterDocument(createRunScope(run), document)
  const variables: Record<string, Result> = { ...run.variables }
  for (const [variable, evaluate] of plan.variables)
    variables[variable] = evaluate(scope) ?? undefinedVariable(plan.name)
  const inner = { ...run, variables, meter: run.meter.nested(), shares: false }
  const [next = existing] = await holdAll(plan.whenMatched.run(fromList([existing], inner.meter), inner), inner)
  return next
}
