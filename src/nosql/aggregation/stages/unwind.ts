import { isDocument, type Document } from '../../query/value.ts'
import { fail } from '../expression/failure.ts'
import { isArray } from '../expression/kinds.ts'
import { parseFieldPath, readPath, writePath } from '../field-path.ts'
import { inBatches, type Batches, type ParseStage, type Run } from '../stage.ts'
import { stageFields } from '../stage-argument.ts'

interface Unwind {
  readonly path: readonly string[]
  readonly index: readonly string[] | undefined
  readonly keepEmpty: boolean
}

/** `$unwind`: a document per element of an array. Its index is an int64, as MongoDB has it. */
export const parseUnwind: ParseStage = (argument, _context, name) => {
  const unwind = read(argument, name)
  return { name, run: (input, run) => unwindAll(input, unwind, run) }
}

function read(argument: unknown, name: string): Unwind {
  if (typeof argument === 'string') return { path: pathOf(argument, name), index: undefined, keepEmpty: false }
  if (!isDocument(argument)) return fail(15981, `the argument of ${name} must be a path or an object`)
  const fields = stageFields(argument, name, {
    optional: ['path', 'preserveNullAndEmptyArrays', 'includeArrayIndex'],
  })
  const { preserveNullAndEmptyArrays: keepEmpty = false, includeArrayIndex: index } = fields
  if (typeof keepEmpty !== 'boolean') return fail(28809, `preserveNullAndEmptyArrays of ${name} must be a boolean`)
  if (index !== undefined && (typeof index !== 'string' || index === '')) {
    return fail(28810, `includeArrayIndex of ${name} must be the name of a field`)
  }
  if (index?.startsWith('$') === true) return fail(28822, `includeArrayIndex of ${name} must not start with '$'`)
  if (fields['path'] === undefined) return fail(28812, `${name} must have a path`)
  return {
    path: pathOf(fields['path'], name),
    index: index === undefined ? undefined : parseFieldPath(index, `includeArrayIndex of ${name}`),
    keepEmpty,
  }
}

function pathOf(path: unknown, name: string): readonly string[] {
  if (typeof path !== 'string') return fail(28808, `the path of ${name} must be a string`)
  if (path === '') fail(28812, `${name} must have a path`)
  if (!path.startsWith('$')) fail(28818, `the path of ${name} must start with '$'`)
  return parseFieldPath(path.slice(1), `the path of ${name}`)
}

async function* unwindAll(input: Batches, unwind: Unwind, run: Run): Batches {
  for await (const batch of input) yield* inBatches(unwindBatch(batch, unwind, run), run.meter)
}

const STEPS_OF_A_DOCUMENT = 10

function* unwindBatch(
  batch: readonly Document[],
  { path, index, keepEmpty }: Unwind,
  { meter }: Run,
): Iterable<Document> {
  meter.work(batch.length * STEPS_OF_A_DOCUMENT)
  const indexed = (document: Document, at: bigint | null): Document =>
    index === undefined ? document : writePath(document, index, { value: at, meter })
  for (const document of batch) {
    const value = readPath(document, path)
    if (isArray(value)) {
      if (value.length === 0 && keepEmpty) yield indexed(writePath(document, path, { value: undefined, meter }), null)
      meter.produce(value.length)
      for (const [at, element] of value.entries())
        yield indexed(writePath(document, path, { value: element, meter }), BigInt(at))
    } else if (keepEmpty || (value !== undefined && value !== null)) yield indexed(document, null)
  }
}
