/** `$push` with `$each $position $slice $sort` */

import { compareValues, identicalValues } from '../compare.ts'
import { type Meter, sortSteps } from '../meter.ts'
import { badValue, inside } from '../refusal.ts'
import { parseSort, sortBy } from '../sort.ts'
import { invalid } from '../storable.ts'
import { copyValue, type Document, isArray, isDocument, type Value } from '../value.ts'
import { type OperandPlace, storable } from './operator.ts'
import type { ApplyLeaf } from './update-node.ts'

interface Push {
  readonly values: readonly Value[]
  readonly position: number | undefined
  readonly slice: number | undefined
  readonly order: ((array: readonly Value[], meter?: Meter) => readonly Value[]) | undefined
}

const modifiers: ReadonlySet<string> = new Set(['$each', '$position', '$slice', '$sort'])

/** Order of work, whatever the order written: insert, sort, slice. */
export function parsePush(operand: unknown, place: OperandPlace): ApplyLeaf {
  const push = parseOperand(operand, { ...place, depth: place.depth + 1 })
  return (current, context) => {
    if (current !== undefined && !isArray(current))
      throw invalid('BadValue', 'the field of $push must be an array', context.at)
    const result = pushed(current ?? [], push, context.meter)
    return identicalValues(current, result) ? current : result
  }
}

function parseOperand(operand: unknown, place: OperandPlace): Push {
  if (!isDocument(operand) || !Object.hasOwn(operand, '$each')) {
    return { values: [storable(operand, place)], position: undefined, slice: undefined, order: undefined }
  }
  for (const name of Object.keys(operand)) {
    if (!modifiers.has(name))
      throw badValue('the modifiers of $push must be $each, $position, $slice or $sort', inside(place.at, name))
  }
  const each: unknown = operand['$each']
  if (!isArray(each)) throw badValue('$each must be an array', inside(place.at, '$each'))
  return {
    values: each.map((value) => storable(value, place)),
    position: parseWhole(operand, '$position', place.at),
    slice: parseWhole(operand, '$slice', place.at),
    order: parseOrder(operand, inside(place.at, '$sort')),
  }
}

function parseWhole(operand: Document, name: string, at: string): number | undefined {
  if (!Object.hasOwn(operand, name)) return undefined
  const value = operand[name]
  const number = typeof value === 'bigint' ? Number(value) : value
  if (typeof number !== 'number' || !Number.isInteger(number))
    throw badValue(`${name} must be a whole number`, inside(at, name))
  return number
}

function parseOrder(operand: Document, at: string): Push['order'] {
  if (!Object.hasOwn(operand, '$sort')) return undefined
  const order = operand['$sort']
  if (order === 1 || order === 1n) return inOrder(1)
  if (order === -1 || order === -1n) return inOrder(-1)
  if (!isDocument(order)) throw badValue('$sort must be 1, -1 or an object of directions', at)
  const keys = parseSort(order, at)
  // An element that is not an object has none of the fields.
  return (array, meter) => sortBy(array, (value) => (isDocument(value) ? value : {}), { keys, meter })
}

function inOrder(direction: 1 | -1): NonNullable<Push['order']> {
  return (array, meter) => {
    meter?.work(sortSteps(array.length) * 2)
    return array.toSorted((a, b) => direction * compareValues(a, b, meter))
  }
}

function pushed(
  array: readonly Value[],
  { values, position, slice, order }: Push,
  meter: Meter | undefined,
): readonly Value[] {
  const at = position === undefined ? array.length : position < 0 ? Math.max(0, array.length + position) : position
  meter?.work(array.length + values.length * 4)
  const unsorted = [...array.slice(0, at), ...values.map(copyValue), ...array.slice(at)]
  const result = order === undefined ? unsorted : order(unsorted, meter)
  if (slice === undefined) return result
  return slice >= 0 ? result.slice(0, slice) : result.slice(slice)
}
