import type { Meter } from '../../query/meter.ts'
import { isDocument, type Document } from '../../query/value.ts'
import { fail, overBudget } from '../expression/failure.ts'
import { isNullish } from '../expression/kinds.ts'
import { parseFieldPath, readPath, writePath } from '../field-path.ts'
import { parseSortOrder, sortDocuments } from '../sort-order.ts'
import { holdAll, inBatches, type Batches, type ParseStage, type Run } from '../stage.ts'
import { stageFields } from '../stage-argument.ts'
import { keyBytes, valueKey } from '../../query/value-key.ts'
import { isBefore, parseRange, type DensifyRange, type Step } from './densify-range.ts'

const MOST_GENERATED = 500_000

interface Densify {
  readonly field: readonly string[]
  readonly partitions: readonly (readonly string[])[]
  readonly range: DensifyRange
}

/** `$densify`: puts documents where a sequence of numbers or dates has gaps. */
export const parseDensify: ParseStage = (argument, _context, name) => {
  if (!isDocument(argument)) return fail('FailedToParse', `the argument of ${name} must be an object`)
  const fields = stageFields(argument, name, { required: ['field', 'range'], optional: ['partitionByFields'] })
  const { partitionByFields: paths = [] } = fields
  if (!Array.isArray(paths)) return fail('TypeMismatch', `partitionByFields of ${name} must be an array`)
  const plan: Densify = {
    field: parseFieldPath(fields['field'], `field of ${name}`),
    partitions: paths.map((path: unknown) => parseFieldPath(path, `a path of partitionByFields`)),
    range: parseRange(fields['range'], name),
  }
  if (plan.range.bounds === 'partition' && paths.length === 0)
    fail(5733408, `bounds 'partition' must have partitionByFields`)
  checkOverlap(plan, name)
  return { name, run: (input, run) => densify(input, plan, run) }
}

function checkOverlap({ field, partitions }: Densify, name: string): void {
  for (const path of partitions) {
    const length = Math.min(path.length, field.length)
    if (path.slice(0, length).join('.') === field.slice(0, length).join('.')) {
      fail(8993000, `field of ${name} must not overlap with partitionByFields`)
    }
  }
}

async function* densify(input: Batches, plan: Densify, run: Run): Batches {
  const paths = plan.range.bounds === 'full' ? [plan.field] : [...plan.partitions, plan.field]
  const order = parseSortOrder(Object.fromEntries(paths.map((path) => [path.join('.'), 1])), '$densify')
  const sorted = sortDocuments(await holdAll(input, run), order, run.meter)
  yield* inBatches(fillGaps(sorted, plan, run), run.meter)
}

/** How far one partition has come. */
interface Track {
  /** The partition's fields, which generated documents have too. */
  readonly base: Document
  /** The next step that no document has had yet. */
  next: Step
}

function* fillGaps(documents: readonly Document[], plan: Densify, run: Run): Iterable<Document> {
  const { field, range } = plan
  const tracks = new Map<unknown, Track>()
  const generate = generator(plan, run)
  let lowest: Step | undefined
  let highest: Step | undefined
  for (const document of documents) {
    const raw = readPath(document, field)
    if (isNullish(raw)) {
      yield document
      continue
    }
    const value = range.check(raw)
    lowest ??= value
    highest = value
    const track = trackOf(document, { plan, tracks, meter: run.meter, start: startOf(range, value, lowest) })
    yield* generate(track, endOf(range, value))
    if (!isBefore(track.next, value) && !isBefore(value, track.next)) track.next = range.next(track.next)
    yield document
  }
  yield* fillTails({ plan, tracks, highest, generate })
}

function startOf({ bounds }: DensifyRange, value: Step, lowest: Step): Step {
  if (bounds === 'full') return lowest
  return bounds === 'partition' ? value : bounds[0]
}

function endOf({ bounds }: DensifyRange, value: Step): Step {
  return typeof bounds === 'string' || isBefore(value, bounds[1]) ? value : bounds[1]
}

interface Tracking {
  readonly plan: Densify
  readonly tracks: Map<unknown, Track>
  readonly meter: Meter
  readonly start: Step
}

function trackOf(document: Document, { plan, tracks, meter, start }: Tracking): Track {
  const values = plan.partitions.map((path) => readPath(document, path))
  const key = valueKey(
    values.map((value) => value ?? null),
    meter,
  )
  const known = tracks.get(key)
  if (known !== undefined) return known
  const base = plan.partitions.reduce<Document>(
    (made, path, index) => writePath(made, path, { value: values[index], meter }),
    {},
  )
  meter.hold(base)
  meter.holdBytes(keyBytes(key) + 64)
  const track = { base, next: start }
  tracks.set(key, track)
  return track
}

type Generate = (track: Track, end: Step) => Iterable<Document>

function generator({ field, range }: Densify, run: Run): Generate {
  let generated = 0
  return function* generate(track, end) {
    for (; isBefore(track.next, end); track.next = range.next(track.next)) {
      run.meter.produce(1)
      if (++generated > MOST_GENERATED) overBudget(`$densify cannot make more than ${MOST_GENERATED} documents`)
      yield writePath(track.base, field, { value: track.next, meter: run.meter })
    }
  }
}

interface Tails {
  readonly plan: Densify
  readonly tracks: ReadonlyMap<unknown, Track>
  readonly highest: Step | undefined
  readonly generate: Generate
}

/** Values after the last document: up to the upper bound, or to the largest value of all partitions. */
function* fillTails({ plan, tracks, highest, generate }: Tails): Iterable<Document> {
  const { bounds } = plan.range
  if (bounds === 'partition') return
  if (bounds === 'full') {
    if (highest === undefined || plan.partitions.length === 0) return
    for (const track of tracks.values()) {
      yield* generate(track, highest)
      if (!isBefore(highest, track.next)) yield* generate(track, plan.range.next(track.next))
    }
    return
  }
  const open = plan.partitions.length === 0 && tracks.size === 0 ? [{ base: {}, next: bounds[0] }] : tracks.values()
  for (const track of open) yield* generate(track, bounds[1])
}
