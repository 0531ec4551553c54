import { decodeBytes } from './bytes.ts'
import { toIsoStyle } from './date-style.ts'
import { parseArrayLiteral, type ArrayElement } from './array-literal.ts'
import type { SqlText } from '../contract/driver.ts'

export type Decode = (text: string) => unknown

const asText: Decode = (text) => text
const asNumber: Decode = Number
const asJson: Decode = (text) => JSON.parse(text) as unknown
const asBoolean: Decode = (text) => text === 't'

/** Object ids are fixed: https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat */
const scalars = new Map<number, Decode>([
  [16, asBoolean],
  [17, decodeBytes],
  [21, asNumber],
  [23, asNumber],
  [26, asNumber],
  [114, asJson],
  [700, asNumber],
  [701, asNumber],
  [1082, toIsoStyle],
  [1114, toIsoStyle],
  [1184, toIsoStyle],
  [3802, asJson],
])

/**
 * Element type by array type: bool, bytea, int2, int4, oid, json, float4, float8, date, timestamp, timestamptz, jsonb;
 * then those that stay text.
 */
const arrays = new Map<number, number>([
  [1000, 16],
  [1001, 17],
  [1005, 21],
  [1007, 23],
  [1028, 26],
  [199, 114],
  [1021, 700],
  [1022, 701],
  [1182, 1082],
  [1115, 1114],
  [1185, 1184],
  [3807, 3802],
  ...[1002, 1003, 1009, 1014, 1015, 1016, 1040, 1041, 1183, 1187, 1231, 1270, 2951].map((array): [number, number] => [
    array,
    25,
  ]),
])

/**
 * How cells of a type become values. `int8` and `numeric` stay text because they do not fit a number; dates and times
 * stay text because what they mean may depend on a time zone that only the application knows. Columns of a Drizzle
 * table are mapped further by the table's own definition.
 */
export function decoderFor(type: number): Decode {
  const scalar = scalars.get(type)
  if (scalar !== undefined) return scalar
  const element = arrays.get(type)
  if (element === undefined) return asText
  const decode = decoderFor(element)
  return (text) => decodeElements(parseArrayLiteral(text), decode)
}

export function decodeCell(cell: SqlText | undefined, type: number): unknown {
  return cell === null || cell === undefined ? null : decoderFor(type)(cell)
}

function decodeElements(elements: readonly ArrayElement[], decode: Decode): unknown[] {
  return elements.map((element) => {
    if (element === null) return null
    return typeof element === 'string' ? decode(element) : decodeElements(element, decode)
  })
}
