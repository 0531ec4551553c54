import { formatArrayLiteral, parseArrayLiteral, type ArrayElement } from '../../../sql/text-format/array-literal.ts'
import type { Text } from '../backends/backend.ts'

/*
 * How Neon's proxy converts between JSON and PostgreSQL's text format.
 * https://github.com/neondatabase/neon/blob/main/proxy/src/serverless/json.rs
 */

const bool = 16
const integers = new Set([21, 23])
const floats = new Set([700, 701])
const documents = new Set([114, 3802])

/** A JSON parameter as the text that PostgreSQL is given. */
export function paramToText(value: unknown): Text {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return value
  return Array.isArray(value) ? formatArrayLiteral(value.map(elementToText)) : JSON.stringify(value)
}

function elementToText(value: unknown): ArrayElement {
  return Array.isArray(value) ? value.map(elementToText) : paramToText(value)
}

/**
 * A cell as JSON text: typed by its column, or as it is for clients that decode themselves.
 *
 * @param elements the type of the elements of each array type; undefined where the cell stays text
 */
export function cellToJson(cell: Text, type: number, elements: ReadonlyMap<number, number> | undefined): string {
  if (cell === null) return 'null'
  if (elements === undefined) return JSON.stringify(cell)
  const element = elements.get(type)
  return element === undefined ? scalarToJson(cell, type) : elementsToJson(parseArrayLiteral(cell), element)
}

function scalarToJson(cell: string, type: number): string {
  if (type === bool) return String(cell === 't')
  if (integers.has(type)) return cell
  if (floats.has(type)) return Number.isFinite(Number(cell)) ? JSON.stringify(Number(cell)) : JSON.stringify(cell)
  return documents.has(type) ? cell : JSON.stringify(cell)
}

function elementsToJson(elements: readonly ArrayElement[], type: number): string {
  const items = elements.map((element) => {
    if (element === null) return 'null'
    return typeof element === 'string' ? scalarToJson(element, type) : elementsToJson(element, type)
  })
  return `[${items.join(',')}]`
}
