import { formatArrayLiteral, parseArrayLiteral, type ArrayElement } from '../../sql/text-format/array-literal.ts'
import type { Text } from './backend.ts'

/*
 * How Neon's proxy converts between JSON and PostgreSQL's text format.
 * https://github.com/neondatabase/neon/blob/main/proxy/src/serverless/json.rs
 */

const bool = 16
const integers = new Set([21, 23])
const floats = new Set([700, 701])
const documents = new Set([114, 3802])

/** Element type by array type, for the arrays whose elements are not plain strings in JSON, and the common string ones. */
const arrayElements = new Map([
  [1000, bool],
  [1005, 21],
  [1007, 23],
  [1021, 700],
  [1022, 701],
  [199, 114],
  [3807, 3802],
  ...[1001, 1002, 1003, 1009, 1014, 1015, 1016, 1028, 1040, 1041, 1115, 1182, 1183, 1185, 1187, 1231, 1270, 2951].map(
    (array): [number, number] => [array, 25],
  ),
])

/** A JSON parameter as the text that PostgreSQL is given. */
export function paramToText(value: unknown): Text {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return value
  return Array.isArray(value) ? formatArrayLiteral(value.map(elementToText)) : JSON.stringify(value)
}

function elementToText(value: unknown): ArrayElement {
  return Array.isArray(value) ? value.map(elementToText) : paramToText(value)
}

/** A cell as JSON text: raw strings for clients that decode by type, typed values otherwise. */
export function cellToJson(cell: Text, type: number, raw: boolean): string {
  if (cell === null) return 'null'
  if (raw) return JSON.stringify(cell)
  const element = arrayElements.get(type)
  if (element !== undefined) return elementsToJson(parseArrayLiteral(cell), element)
  if (type === bool) return String(cell === 't')
  if (integers.has(type)) return cell
  if (floats.has(type)) return Number.isFinite(Number(cell)) ? JSON.stringify(Number(cell)) : JSON.stringify(cell)
  return documents.has(type) ? cell : JSON.stringify(cell)
}

function elementsToJson(elements: readonly ArrayElement[], type: number): string {
  const items = elements.map((element) =>
    typeof element === 'string' || element === null ? cellToJson(element, type, false) : elementsToJson(element, type),
  )
  return `[${items.join(',')}]`
}
