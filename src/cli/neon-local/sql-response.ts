import type { QueryResult } from './backend.ts'
import { cellToJson } from './json-text.ts'
import { Refusal } from './refusal.ts'
import type { SqlRequest } from './sql-request.ts'

/**
 * The JSON body of a successful answer.
 *
 * @throws Refusal with status 507 when it is longer than `maxBytes`
 */
export function writeSqlResponse(request: SqlRequest, results: readonly QueryResult[], maxBytes: number): string {
  const bodies = results.map((result, index) => {
    const arrayMode = request.queries[index]?.arrayMode ?? request.arrayMode
    return resultToJson(result, { rawText: request.rawText, arrayMode })
  })
  const body = request.begin === null ? (bodies[0] ?? '{}') : `{"results":[${bodies.join(',')}]}`
  if (Buffer.byteLength(body) > maxBytes) {
    throw new Refusal(507, `response is too large (max is ${maxBytes} bytes)`)
  }
  return body
}

function resultToJson(result: QueryResult, mode: { readonly rawText: boolean; readonly arrayMode: boolean }): string {
  const names = result.fields.map((field) => JSON.stringify(field.name))
  const rows = result.rows.map((row) => {
    const cells = row.map((cell, i) => cellToJson(cell, result.fields[i]?.dataTypeID ?? 0, mode.rawText))
    return mode.arrayMode ? `[${cells.join(',')}]` : `{${cells.map((cell, i) => `${names[i]}:${cell}`).join(',')}}`
  })
  const fields = JSON.stringify(result.fields.map((field) => ({ ...field, format: 'text' })))
  return `{"command":${JSON.stringify(result.command)},"rowCount":${result.rowCount},"rowAsArray":${mode.arrayMode},"fields":${fields},"rows":[${rows.join(',')}]}`
}
