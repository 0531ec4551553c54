import type { QueryAnswer, QueryResult } from '../backends/backend.ts'
import { tooLarge } from '../backends/bounded-query.ts'
import { cellToJson } from './json-text.ts'
import type { SqlRequest } from './sql-request.ts'

/**
 * The JSON body of a successful answer.
 *
 * @throws Refusal with status 507 when it is longer than `maxBytes`
 */
export function writeSqlResponse(request: SqlRequest, { results, elements }: QueryAnswer, maxBytes: number): string {
  const bodies = results.map((result, index) => {
    const arrayMode = request.queries[index]?.arrayMode ?? request.arrayMode
    return resultToJson(result, { elements: request.rawText ? undefined : elements, arrayMode })
  })
  const body = request.begin === null ? (bodies[0] ?? '{}') : `{"results":[${bodies.join(',')}]}`
  if (Buffer.byteLength(body) > maxBytes) {
    throw tooLarge(maxBytes)
  }
  return body
}

interface ResultMode {
  /** Of each array type; undefined where cells stay text. */
  readonly elements: QueryAnswer['elements'] | undefined
  readonly arrayMode: boolean
}

function resultToJson(result: QueryResult, mode: ResultMode): string {
  const names = result.fields.map((field) => JSON.stringify(field.name))
  const rows = result.rows.map((row) => {
    const cells = row.map((cell, i) => cellToJson(cell, result.fields[i]?.dataTypeID ?? 0, mode.elements))
    return mode.arrayMode ? `[${cells.join(',')}]` : `{${cells.map((cell, i) => `${names[i]}:${cell}`).join(',')}}`
  })
  const fields = JSON.stringify(result.fields.map((field) => ({ ...field, format: 'text' })))
  return `{"command":${JSON.stringify(result.command)},"rowCount":${result.rowCount},"rowAsArray":${mode.arrayMode},"fields":${fields},"rows":[${rows.join(',')}]}`
}
