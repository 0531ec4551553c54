/** What the parsers of update operators share. */

import type { Meter } from '../meter.ts'
import { toStorableValue } from '../storable.ts'
import type { Value } from '../value.ts'
import type { ApplyLeaf } from './update-node.ts'

/** The place of an operand. */
export interface OperandPlace {
  /** The operator and path, for errors. */
  readonly at: string
  /** How deep the value at the path is in the document. */
  readonly depth: number
  /** Pays for the conditions of `$pull`. */
  readonly meter?: Meter | undefined
  /** Whether values of MongoDB's own classes can be stored. @default false */
  readonly vendorValues?: boolean | undefined
}

/** Checks an operand and returns the change to the value at its path. */
export type ParseUpdateOperator = (operand: unknown, place: OperandPlace) => ApplyLeaf

export function storable(operand: unknown, place: OperandPlace): Value {
  return toStorableValue(operand, place)
}
