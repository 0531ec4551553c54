/** `$addToSet $pop $pull $pullAll` */

import { equalValues } from '../compare.ts'
import { parseFilter } from '../filter/parse-filter.ts'
import { predicateOf } from '../filter/predicate-of.ts'
import { equalValue } from '../filter/scope.ts'
import { isObject } from '../path.ts'
import { badValue, failedToParse, typeMismatch } from '../refusal.ts'
import { invalid } from '../storable.ts'
import { holds, newAmong, sorted } from '../sorted-values.ts'
import { copyValue, isArray, isDocument, type Value } from '../value.ts'
import { type OperandPlace, type ParseUpdateOperator, storable } from './operator.ts'
import type { ApplyLeaf, LeafContext } from './update-node.ts'

export const arrayOperators: Readonly<Record<string, ParseUpdateOperator>> = {
  $addToSet: parseAddToSet,
  $pop: parsePop,
  $pull: (operand, place) => pulling(pullCondition(operand, place)),
  $pullAll: (operand, place) => {
    if (!Array.isArray(operand)) throw badValue('$pullAll must be an array', place.at)
    const values = operand.map((value) => storable(value, { ...place, depth: place.depth + 1 }))
    let unwanted: readonly Value[] | undefined
    return pulling((element) => holds((unwanted ??= sorted(values, place.meter)), element, place.meter))
  },
}

function parseAddToSet(operand: unknown, place: OperandPlace): ApplyLeaf {
  const inner = { ...place, depth: place.depth + 1 }
  const candidates = isDocument(operand) && Object.hasOwn(operand, '$each') ? eachOf(operand, place.at) : [operand]
  const values = candidates.map((value) => storable(value, inner))
  return (current, context) => {
    const array = arrayOr([], current, context.at)
    const [only] = values
    context.meter?.work(array.length + values.length * 4)
    const isThere =
      values.length === 1 && only !== undefined && array.some((element) => equalValues(element, only, context.meter))
    const added = values.length > 1 ? newAmong(array, values, context.meter) : isThere ? [] : values
    return added.length === 0 && current !== undefined ? current : [...array, ...added.map(copyValue)]
  }
}

function eachOf(operand: object, at: string): readonly unknown[] {
  if (Object.keys(operand).length > 1) throw badValue('$each must be the only modifier of $addToSet', at)
  const each: unknown = Reflect.get(operand, '$each')
  if (!Array.isArray(each)) throw typeMismatch('$each must be an array', at)
  return each
}

function arrayOr(fallback: readonly Value[], current: Value | undefined, at: string): readonly Value[] {
  if (current === undefined) return fallback
  if (!isArray(current)) throw invalid('BadValue', 'the field must be an array', at)
  return current
}

function parsePop(operand: unknown, { at }: OperandPlace): ApplyLeaf {
  const end = typeof operand === 'bigint' ? Number(operand) : operand
  if (end !== 1 && end !== -1) throw failedToParse('$pop must be 1 for the last element, or -1 for the first', at)
  return (current, context) => {
    if (current === undefined) return unchanged(context)
    if (!isArray(current)) throw invalid('TypeMismatch', 'the field of $pop must be an array', context.at)
    if (current.length === 0) return current
    return end === 1 ? current.slice(0, -1) : current.slice(1)
  }
}

/** Without an array there is nothing to take away, unless the path cannot lead to one. */
function unchanged({ blocked, at }: LeafContext): undefined {
  if (blocked === true)
    throw invalid('PathNotViable', 'a path cannot be followed: the parent of its field is not an object', at)
  return undefined
}

function pulling(unwanted: (element: Value) => boolean): ApplyLeaf {
  return (current, context) => {
    if (current === undefined) return unchanged(context)
    const array = arrayOr([], current, context.at)
    context.meter?.work(array.length * 2)
    const kept = array.filter((element) => !unwanted(element))
    return kept.length === array.length ? current : kept
  }
}

/** Operators ask of each element; a plain object is a filter on elements that are objects; the rest is equality. */
function pullCondition(operand: unknown, place: OperandPlace): (element: Value) => boolean {
  const { meter, vendorValues } = place
  const options = { nested: true, meter, vendorValues }
  if (operand instanceof RegExp || (isDocument(operand) && asksElement(operand))) {
    const predicate = predicateOf(parseFilter({ element: operand }, options), meter)
    return (element) => predicate({ element })
  }
  if (isDocument(operand)) {
    const predicate = predicateOf(parseFilter(operand, options), meter)
    return (element) => isObject(element) && predicate(element)
  }
  const value = equalValue(storable(operand, place), { within: undefined, part: place.at, vendorValues })
  return (element) => equalValues(element, value, meter)
}

function asksElement(operand: object): boolean {
  const first = Object.keys(operand)[0]
  return first?.startsWith('$') === true && !['$and', '$or', '$nor', '$expr', '$comment'].includes(first)
}
