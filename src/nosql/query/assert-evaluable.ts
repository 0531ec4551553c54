import { kindOf } from '../../core/plain-object.ts'
import { NoSQLFilterError } from '../errors.ts'
import { filterLiteral } from './literal.ts'
import type { Meter } from './meter.ts'
import { badValue, inside, MOST_PARTS, notPortable, PARTS_OF_A_CONTAINER, shownOperator } from './refusal.ts'
import { isDocument, nameProblem } from './value.ts'
import { isVendorValue, isWellMade } from './vendor-value.ts'

const deepest = 200
const mostStages = 1000
const stepsOfAContainer = 10

/** What runs code from data, or reaches into the server. */
const refusedOperators: ReadonlySet<string> = new Set(['$where', '$function', '$accumulator'])

/** Stages that an update may be made of. */
const updateStages: ReadonlySet<string> = new Set([
  '$addFields',
  '$set',
  '$project',
  '$unset',
  '$replaceRoot',
  '$replaceWith',
])

/**
 * Checks the shape of a pipeline, which is the same for a server and for the engine: stages, each of which is one field.
 *
 * @throws NoSQLFilterError
 */
export function assertStages(
  stages: unknown,
  isUpdate: boolean,
): asserts stages is readonly Readonly<Record<string, unknown>>[] {
  if (!Array.isArray(stages)) throw refused('TypeMismatch', `a pipeline must be an array, not ${kindOf(stages)}`)
  if (stages.length > mostStages) throw refused('Location7749501', `a pipeline must have at most ${mostStages} stages`)
  for (const stage of stages as readonly unknown[]) {
    if (!isDocument(stage)) throw refused('TypeMismatch', `a stage must be a plain object, not ${kindOf(stage)}`)
    const [name, ...others] = Object.keys(stage)
    if (name === undefined || others.length > 0) throw refused('Location40323', 'a stage must have exactly one field')
    if (!name.startsWith('$')) throw refused('Location40324', "the name of a stage must start with '$'")
    if (name === '$changeStream')
      throw refused('Location40324', '$changeStream cannot be used: it never ends', 'Use watch.')
    if (isUpdate && !updateStages.has(name))
      throw refused('InvalidOptions', `the pipeline of an update cannot have ${shownOperator(name)}`)
  }
}

/**
 * Checks the values of a pipeline, or of an expression, and refuses the operators that run code. The server or the engine
 * checks the rest. A value that cannot be stored is refused here, because the vendor's codec sends an instance of a class, a
 * Map too, as if it were an object, and a bigint or a date that is out of range as another one. A meter counts the work.
 *
 * @throws NoSQLFilterError or UnsupportedOperationError
 */
export function assertEvaluable(expression: unknown, at = '', meter?: Meter): void {
  let left = MOST_PARTS
  const visit = (value: unknown, place: Place): void => {
    const isContainer = typeof value === 'object' && value !== null
    // A meter counts containers by itself.
    left -= isContainer && meter === undefined ? PARTS_OF_A_CONTAINER : 1
    if (left < 0) throw refused('BSONObjectTooLarge', 'an expression cannot have so many parts')
    if (place.level > deepest) throw refused('Overflow', `an expression must nest at most ${deepest} deep`)
    if (isContainer) meter?.work(stepsOfAContainer)
    if (Array.isArray(value)) for (const [index, element] of value.entries()) visit(element, within(place, index))
    else if (isDocument(value) || (isVendorValue(value) && isWellMade(value))) visitFields(value, place)
    else if (!(value instanceof RegExp)) filterLiteral(value, place.at, true)
  }
  const visitFields = (value: object, place: Place): void => {
    for (const [name, inner] of Object.entries<unknown>({ ...value })) {
      if (inner === undefined && isVendorValue(value)) continue
      const problem = nameProblem(name)
      if (problem !== undefined) throw badValue(problem.message, inside(place.at, name), problem.hint)
      if (!place.isData) assertPortable(name)
      visit(inner, { ...within(place, name), isData: place.isData || name === '$literal' })
    }
  }
  visit(expression, { at, level: 0, isData: false })
}

interface Place {
  readonly at: string
  readonly level: number
  /** Whether names are those of fields, whatever they begin with. */
  readonly isData: boolean
}

/** Stages are counted as `pipeline[0]`. */
function within({ at, level, isData }: Place, part: string | number): Place {
  const isStage = level === 0 && typeof part === 'number'
  return { at: isStage ? `${at}[${part}]` : inside(at, part), level: level + 1, isData }
}

function assertPortable(name: string): void {
  if (refusedOperators.has(name) || name.startsWith('$_internal')) throw notPortable(name)
}

function refused(reason: string, message: string, hint?: string): NoSQLFilterError {
  return new NoSQLFilterError(message, { reason, hint })
}
