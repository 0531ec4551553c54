import type { IncomingHttpHeaders } from 'node:http'
import type { Credentials, Query } from '../backends/backend.ts'
import { paramToText } from './json-text.ts'
import { Refusal } from '../refusal.ts'

/** A request to `/sql`, understood. */
export interface SqlRequest {
  readonly queries: readonly Query[]
  /** The statement that opens the transaction of a batch; null for a single query. */
  readonly begin: string | null
  /** Of the connection string. */
  readonly credentials: Credentials
  readonly rawText: boolean
  readonly arrayMode: boolean
  /** The batch headers, which the answer repeats. */
  readonly echoed: Readonly<Record<string, string>>
}

const isolationLevels: Readonly<Record<string, string>> = {
  ReadUncommitted: 'READ UNCOMMITTED',
  ReadCommitted: 'READ COMMITTED',
  RepeatableRead: 'REPEATABLE READ',
  Serializable: 'SERIALIZABLE',
}

/**
 * Reads a request as Neon's proxy does: only the exact header value `true` counts.
 *
 * @throws Refusal with status 400
 */
export function readSqlRequest(headers: IncomingHttpHeaders, body: string): SqlRequest {
  const credentials = credentialsOf(headers)
  const payload = parsePayload(body)
  const batch = Array.isArray(payload.queries) ? payload.queries : null
  const isolation = headers['neon-batch-isolation-level']?.toString()
  if (isolation !== undefined && isolationLevels[isolation] === undefined) {
    throw new Refusal(400, 'invalid isolation level')
  }
  const readOnly = headers['neon-batch-read-only'] === 'true'
  const deferrable = headers['neon-batch-deferrable'] === 'true'
  return {
    queries: (batch ?? [payload]).map(readQuery),
    begin: batch === null ? null : beginStatement(isolation, readOnly, deferrable),
    credentials,
    rawText: headers['neon-raw-text-output'] === 'true',
    arrayMode: headers['neon-array-mode'] === 'true',
    echoed: {
      ...(readOnly && { 'neon-batch-read-only': 'true' }),
      ...(deferrable && { 'neon-batch-deferrable': 'true' }),
      ...(isolation !== undefined && { 'neon-batch-isolation-level': isolation }),
    },
  }
}

function beginStatement(isolation: string | undefined, readOnly: boolean, deferrable: boolean): string {
  const parts = ['BEGIN']
  if (isolation !== undefined) parts.push(`ISOLATION LEVEL ${isolationLevels[isolation]}`)
  if (readOnly) parts.push('READ ONLY')
  if (deferrable) parts.push('DEFERRABLE')
  return parts.join(' ')
}

function parsePayload(body: string): Record<string, unknown> {
  try {
    const payload: unknown = JSON.parse(body, keepDigits)
    // JSON has members of any type.
    if (typeof payload === 'object' && payload !== null) return payload as Record<string, unknown>
  } catch (error) {
    if (error instanceof Refusal) throw error
    // Falls through: the same answer as for JSON that is not an object.
  }
  throw new Refusal(400, 'could not parse the HTTP request body: expected {"query", "params"} or {"queries"}')
}

// Every supported Node has it; the compiler's library does not know it yet.
const { rawJSON: rawJson } = JSON as unknown as { rawJSON(text: string): unknown }

/** Keeps the digits of a number that JavaScript would round, wherever it stands: it is written again as it was sent. */
function keepDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  if (!Number.isFinite(value)) throw new Refusal(400, 'could not parse the HTTP request body: number out of range')
  const source = context?.source
  return Number.isInteger(value) && source !== undefined ? rawJson(source) : value
}

function readQuery(entry: unknown): Query {
  const { query, params = [], arrayMode }: Readonly<Record<string, unknown>> = Object(entry)
  if (typeof query !== 'string' || !Array.isArray(params)) {
    throw new Refusal(400, 'could not parse the HTTP request body: a query needs a text and an array of params')
  }
  return { text: query, params: params.map(paramToText), ...(typeof arrayMode === 'boolean' && { arrayMode }) }
}

function credentialsOf(headers: IncomingHttpHeaders): Credentials {
  const text = headers['neon-connection-string']?.toString()
  if (text === undefined) throw new Refusal(400, 'invalid header: neon-connection-string')
  const url = URL.parse(text)
  if (url === null) throw new Refusal(400, 'invalid connection string')
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:') throw new Refusal(400, 'incorrect scheme')
  if (url.username === '') throw new Refusal(400, 'missing username')
  if (!isName(url.hostname)) throw new Refusal(400, 'missing hostname')
  if (url.password === '' && headers.authorization === undefined) {
    throw new Refusal(400, 'missing authentication credentials: password')
  }
  return {
    user: decodeURIComponent(url.username),
    password: url.password === '' ? undefined : decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
  }
}

/** Neon takes domain names only. The loopback address is let through: here it can be meant. */
function isName(host: string): boolean {
  return host === '127.0.0.1' || (host !== '' && !host.startsWith('[') && !/^[\d.]+$/.test(host))
}
