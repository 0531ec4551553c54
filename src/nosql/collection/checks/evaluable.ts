import { NoSQLFilterError, UnsupportedOperationError } from '../../errors.ts'
import { MOST_PARTS, PARTS_OF_A_CONTAINER } from '../../query/refusal.ts'
import { isDocument } from '../../query/value.ts'
import { isVendorValue, isWellMade, type VendorValue } from '../../query/vendor-value.ts'
import { kindOf } from '../../../core/plain-object.ts'

const deepest = 200
const mostStages = 1000

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
 * Checks a pipeline that a server evaluates: its shape and the operators that are refused everywhere. What a stage may
 * hold is the server's business.
 *
 * @throws NoSQLFilterError or UnsupportedOperationError
 */
export function assertPipeline(
  stages: unknown,
  place: 'aggregate' | 'update',
): asserts stages is readonly Readonly<Record<string, unknown>>[] {
  if (!Array.isArray(stages)) throw refused('TypeMismatch', 'a pipeline must be an array')
  if (stages.length > mostStages) throw refused('Overflow', `a pipeline must have at most ${mostStages} stages`)
  for (const stage of stages as readonly unknown[]) {
    if (!isDocument(stage)) throw refused('TypeMismatch', 'a stage must be an object')
    const [name, ...others] = Object.keys(stage)
    if (name === undefined || others.length > 0) throw refused('Location40323', 'a stage must have one field')
    if (!name.startsWith('$')) throw refused('Location40324', "the name of a stage must start with '$'")
    if (name === '$changeStream') {
      throw refused('Location40324', '$changeStream cannot be used: it never ends', 'Use watch.')
    }
    if (place === 'update' && !updateStages.has(name)) {
      throw refused('Location40600', `the pipeline of an update cannot have ${printable(name)}`)
    }
  }
  assertEvaluable(stages)
}

/** The same for one expression. */
export function assertEvaluable(expression: unknown): void {
  let left = MOST_PARTS
  const visit = (value: unknown, level: number, isLiteral: boolean): void => {
    left -= typeof value === 'object' ? PARTS_OF_A_CONTAINER : 1
    if (left < 0) throw refused('BSONObjectTooLarge', 'an expression cannot have so many parts')
    if (level > deepest) throw refused('Overflow', `an expression must nest at most ${deepest} deep`)
    if (typeof value === 'function' || typeof value === 'symbol' || value === undefined) {
      throw refused('BadValue', `an expression cannot hold a value of type ${typeof value}`)
    }
    if (Array.isArray(value)) for (const element of value as readonly unknown[]) visit(element, level + 1, isLiteral)
    if (isVendorValue(value)) return visitFields(value, level)
    if (!isDocument(value)) return
    for (const [name, inner] of Object.entries<unknown>(value)) {
      if (!isLiteral && (refusedOperators.has(name) || name.startsWith('$_internal'))) {
        throw new UnsupportedOperationError(`${printable(name)} cannot be evaluated: it is not portable`, {
          hint: 'Use other operators, or the vendor client, store.native.',
        })
      }
      visit(inner, level + 1, isLiteral || name === '$literal')
    }
  }
  const visitFields = (value: VendorValue, level: number): void => {
    if (!isWellMade(value)) throw refused('BadValue', `${kindOf(value)} must be as its class makes it`)
    for (const field of Object.values(value)) if (field !== undefined) visit(field, level + 1, true)
  }
  visit(expression, 0, false)
}

function printable(name: string): string {
  return /^\$\w{1,40}$/.test(name) ? name : 'this operator'
}

function refused(reason: string, message: string, hint?: string): NoSQLFilterError {
  return new NoSQLFilterError(message, { reason, path: '', hint })
}
