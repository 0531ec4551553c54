/** The operand of `$type`: aliases and numbers of BSON types. */

import { failedToParse, inside, typeMismatch, badValue } from '../refusal.ts'

/** @see https://www.mongodb.com/docs/manual/reference/bson-types/ */
const aliasByNumber: ReadonlyMap<number, string> = new Map([
  [-1, 'minKey'],
  [1, 'double'],
  [2, 'string'],
  [3, 'object'],
  [4, 'array'],
  [5, 'binData'],
  [6, 'undefined'],
  [7, 'objectId'],
  [8, 'bool'],
  [9, 'date'],
  [10, 'null'],
  [11, 'regex'],
  [12, 'dbPointer'],
  [13, 'javascript'],
  [14, 'symbol'],
  [15, 'javascriptWithScope'],
  [16, 'int'],
  [17, 'timestamp'],
  [18, 'long'],
  [19, 'decimal'],
  [127, 'maxKey'],
])

const aliases: ReadonlySet<string> = new Set([...aliasByNumber.values(), 'number'])
const numeric = ['int', 'long', 'double', 'decimal']

/** The aliases that a `$type` operand stands for, `number` resolved to its four. */
export function parseTypes(operand: unknown, at: string): readonly string[] {
  if (!Array.isArray(operand)) return parseType(operand, at)
  if (operand.length === 0) throw failedToParse('$type must have at least one type', at)
  return [...new Set(operand.flatMap((element, index) => parseType(element, inside(at, index))))]
}

function parseType(operand: unknown, at: string): readonly string[] {
  if (typeof operand === 'string') {
    if (!aliases.has(operand)) throw badValue('$type must be a known alias', at)
    return operand === 'number' ? numeric : [operand]
  }
  if (typeof operand !== 'number' && typeof operand !== 'bigint') {
    throw typeMismatch('$type must be a type alias or number, or an array of them', at)
  }
  const alias = aliasByNumber.get(Number(operand))
  if (alias === undefined) throw badValue('$type must be a known number', at)
  return [alias]
}
