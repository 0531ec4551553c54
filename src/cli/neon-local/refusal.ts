/** An answer that is not 200: its status, and the fields of the JSON body beside `message`. */
export class Refusal extends Error {
  readonly status: number
  readonly fields: Readonly<Record<string, string>>

  constructor(status: number, message: string, fields: Readonly<Record<string, string>> = {}) {
    super(message)
    this.status = status
    this.fields = fields
  }
}

const errorFields = [
  'code',
  'detail',
  'hint',
  'position',
  'internalPosition',
  'internalQuery',
  'severity',
  'where',
  'table',
  'column',
  'schema',
  'dataType',
  'constraint',
  'file',
  'line',
  'routine',
] as const

/** The JSON body that Neon sends for an error: every field is there; those that PostgreSQL did not send are null or empty. */
export function errorBody(error: unknown): string {
  const source = error instanceof Refusal ? error.fields : (error as Record<string, unknown>)
  const body: Record<string, string | null> = { message: (error as Error).message }
  for (const field of errorFields) {
    const value = source[field]
    body[field] = typeof value === 'string' || typeof value === 'number' ? String(value) : null
  }
  body['code'] ??= ''
  body['severity'] ??= ''
  return JSON.stringify(body)
}
