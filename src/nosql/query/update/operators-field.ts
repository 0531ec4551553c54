/** `$set $setOnInsert $min $max`, whose operands are values of the document, and `$unset $currentDate` */

import { UnsupportedOperationError } from '../../errors.ts'
import { compareValues, identicalValues } from '../compare.ts'
import { badValue } from '../refusal.ts'
import { copyValue, isDocument, type Value } from '../value.ts'
import type { OperandPlace, ParseUpdateOperator } from './operator.ts'
import type { ApplyLeaf } from './update-node.ts'

/** The changes by a value in its stored form. */
export const valueOperators: ReadonlyMap<string, (value: Value) => ApplyLeaf> = new Map(
  Object.entries<(value: Value) => ApplyLeaf>({
    $set: (value) => (current) => (current === value || identicalValues(current, value) ? current : copyValue(value)),
    $setOnInsert:
      (value) =>
      (current, { insert }) =>
        insert ? copyValue(value) : current,
    $min: (value) => (current) =>
      current === undefined || compareValues(value, current) < 0 ? copyValue(value) : current,
    $max: (value) => (current) =>
      current === undefined || compareValues(value, current) > 0 ? copyValue(value) : current,
  }),
)

export const fieldOperators: Readonly<Record<string, ParseUpdateOperator>> = {
  $unset: () => () => undefined,
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
