import { waitAsked } from '../../../core/retry-after.ts'
import type { ResultColumn, RowSet, SqlText } from '../../contract/driver.ts'
import { CommitUnknownError, DatabaseUnavailableError, QueryError } from '../../errors.ts'

/**
 * Reads the results of an answer with status 200.
 *
 * @throws TypeError when it is not the answer of a database: what was sent may have been carried out
 */
export function readAnswer(results: unknown, count: number): RowSet[] {
  if (!Array.isArray(results) || results.length !== count) throw notAnAnswer()
  return results.map(toRowSet)
}

interface HttpResult {
  readonly fields?: unknown
  readonly rows?: unknown
  readonly rowCount?: unknown
}

function toRowSet(result: HttpResult | null): RowSet {
  if (typeof result !== 'object' || !Array.isArray(result?.fields) || !Array.isArray(result.rows)) throw notAnAnswer()
  const columns = result.fields.map((field: { name?: unknown; dataTypeID?: unknown } | null): ResultColumn => {
    if (typeof field?.name !== 'string' || typeof field.dataTypeID !== 'number') throw notAnAnswer()
    return { name: field.name, type: field.dataTypeID }
  })
  // Arrays of text, because the request asks for raw text and for arrays.
  const rows = result.rows as SqlText[][]
  return { columns, rows, rowCount: typeof result.rowCount === 'number' ? result.rowCount : rows.length }
}

function notAnAnswer(): TypeError {
  return new TypeError('the endpoint must answer with results')
}

/** An answer whose status is not 200. Its text may hold anything, and is not shown; undefined when it was too large. */
export interface Refused {
  readonly status: number
  readonly text: string | undefined
  /** How long the endpoint has asked to wait, in milliseconds. */
  readonly retryAfter?: number | undefined
}

/** Whether a refused request has changed nothing and may succeed later. */
export function isUndone(status: number, isRead: () => boolean): boolean {
  return status === 429 || (status >= 500 && status !== 507 && isRead())
}

/**
 * Throws what an answer with another status means. Status 400 is for PostgreSQL's refusals, with the fields of an error,
 * and for some of the endpoint's own; those of `beforeRequest` come before the database was asked. Any other may come from
 * something in between, after the database was asked.
 *
 * @param isRead whether the request could change nothing, so that a lost answer does no harm
 */
export function throwRefusal({ status, text, retryAfter }: Refused, isRead: () => boolean): never {
  if (status === 400) throw readBadRequest(text === undefined ? null : (JSON.parse(text) as ErrorBody | null), isRead)
  if (status === 413) {
    throw new QueryError('a request to the database must be smaller: its HTTP endpoint refused the size', {
      hint: sizeHint,
    })
  }
  if (beforeRequest.has(status)) throw refused(status, retryAfter)
  if (status !== 507) {
    const failed = `the database endpoint failed (HTTP ${status})`
    throw isRead() ? unavailable(failed, retryAfter) : unknown(failed)
  }
  const tooLarge = 'a response from the database was larger than its HTTP endpoint allows'
  throw isRead() ? new QueryError(tooLarge, { hint: sizeHint }) : unknown(tooLarge)
}

/**
 * Throws what a redirect means: what redirects may have carried the request out. The target may hold secrets, and
 * is not shown.
 */
export function throwRedirect({ status }: { readonly status: number }, isRead: () => boolean): never {
  const why = `the database endpoint redirects (HTTP ${status}), which is not followed`
  const redirectHint =
    'Name the place where Neon’s protocol is spoken, neon({ endpoint }): the password goes nowhere else.'
  if (!isRead()) throw unknown(why, `Read what is stored before the write is sent again. ${redirectHint}`)
  throw new DatabaseUnavailableError(`the request cannot be answered: ${why}`, { hint: redirectHint })
}

/** What a server says of a request that it does not carry out: who sent it, where to, how large it is, or how many there are. */
const beforeRequest: ReadonlySet<number> = new Set([
  401, 402, 403, 404, 405, 406, 407, 411, 414, 415, 417, 421, 426, 428, 429, 431, 451,
])

const sizeHint = 'Send or select less at once: Neon allows 10 MiB.'

/** What a server says about an error, and nothing else that an answer may hold. */
const errorFields = [
  'code',
  'severity',
  'detail',
  'where',
  'position',
  'internalPosition',
  'constraint',
  'schema',
  'table',
  'column',
  'dataType',
] as const

type ErrorBody = Readonly<Record<string, unknown>>

/** What the endpoint says with status 400 before it asks the database. */
const beforeDatabase =
  /^(?:password authentication failed|could not parse|invalid |missing |incorrect |unsupported |endpoint |user |this ip |too many connections)/i

function readBadRequest(fields: ErrorBody | null, isRead: () => boolean): Error {
  const { message, code, severity } = fields ?? {}
  // PostgreSQL's own errors have a severity; the endpoint adds codes that PostgreSQL does not have.
  const isFromDatabase = typeof severity === 'string' && severity !== '' && typeof code === 'string'
  if (isFromDatabase && fields !== null) return readDatabaseError(fields)
  if (isRead() || beforeDatabase.test(String(message))) return refused(400)
  return unknown('the database endpoint cancelled it, or lost the database (HTTP 400)')
}

function readDatabaseError(fields: ErrorBody): Error {
  const error = new Error(String(fields['message']))
  for (const name of errorFields) Object.assign(error, { [name]: fields[name] ?? undefined })
  return error
}

function refused(status: number, retryAfter?: number): DatabaseUnavailableError {
  return unavailable(`the request cannot be answered: the database endpoint refused it (HTTP ${status})`, retryAfter)
}

function unavailable(message: string, retryAfter: number | undefined): DatabaseUnavailableError {
  return new DatabaseUnavailableError(message, waitAsked(retryAfter))
}

function unknown(why: string, hint = 'Read what is stored before the write is sent again.'): CommitUnknownError {
  return new CommitUnknownError(`the outcome of the write cannot be known: ${why}`, {
    hint,
    details: { outcome: 'unknown' },
  })
}
