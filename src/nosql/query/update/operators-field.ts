/** `$set $setOnInsert $unset $min $max $currentDate` */

import { UnsupportedOperationError } from '../../errors.ts'
import { compareValues, identicalValues } from '../compare.ts'
import { badValue } from '../refusal.ts'
import { copyValue, isDocument } from '../value.ts'
import { type OperandPlace, type ParseUpdateOperator, storable } from './operator.ts'
import type { ApplyLeaf } from './update-node.ts'

export const fieldOperators: Readonly<Record<string, ParseUpdateOperator>> = {
  $set: (operand, place) => {
    const value = storable(operand, place)
    return (current) => (identicalValues(current, value) ? current : copyValue(value))
  },
  $setOnInsert: (operand, place) => {
    const value = storable(operand, place)
    return (current, { insert }) => (insert ? copyValue(value) : current)
  },
  $unset: () => () => undefined,
  $min: (operand, place) => {
    const value = storable(operand, place)
    return (current) => (current === undefined || compareValues(value, current) < 0 ? copyValue(value) : current)
  },
  $max: (operand, place) => {
    const value = storable(operand, place)
    return (current) => (current === undefined || compareValues(value, current) > 0 ? copyValue(value) : current)
  },
  $currentDate: parseCurrentDate,
}

function parseCurrentDate(operand: unknown, { at }: OperandPlace): ApplyLeaf {
  if (typeof operand !== 'boolean') assertDateType(operand, at)
  return (_current, { now }) => new Date(now)
}

function assertDateType(operand: unknown, at: string): void {
  if (!isDocument(operand)) throw badValue("$currentDate must be true or { $type: 'date' }", at)
  const entries = Object.entries(operand)
  if (entries.length !== 1 || entries[0]?.[0] !== '$type')
    throw badValue('$currentDate must have no field except $type', at)
  if (operand['$type'] === 'timestamp') {
    throw new UnsupportedOperationError('$currentDate cannot write timestamps: the type is not portable', {
      hint: "Use { $type: 'date' }.",
      details: { path: at },
    })
  }
  if (operand['$type'] !== 'date') throw badValue("the $type of $currentDate must be 'date'", at)
}
