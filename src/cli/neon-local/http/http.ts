import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Backend } from '../backends/backend.ts'
import { errorBody, Refusal } from '../refusal.ts'
import { readSqlRequest } from './sql-request.ts'
import { writeSqlResponse } from './sql-response.ts'
import type { NeonStats } from '../stats.ts'

export interface HttpLimits {
  readonly maxRequestBytes: number
  readonly maxResponseBytes: number
}

interface HttpParts {
  readonly backend: Backend
  readonly limits: HttpLimits
  readonly stats: NeonStats
}

const preflight = {
  allow: 'OPTIONS, POST',
  'access-control-allow-origin': '*',
  'access-control-allow-headers':
    'Authorization, Neon-Connection-String, Neon-Raw-Text-Output, Neon-Array-Mode, Neon-Pool-Opt-In, Neon-Batch-Read-Only, Neon-Batch-Isolation-Level, Neon-Batch-Deferrable',
  'access-control-max-age': '86400',
}

/** Answers one HTTP request as Neon's proxy does. Never rejects. */
export async function answerHttp(request: IncomingMessage, response: ServerResponse, parts: HttpParts): Promise<void> {
  const path = (request.url ?? '/').split('?', 1)[0]
  if (path === '/sql' && request.method === 'OPTIONS') {
    response.writeHead(200, preflight).end()
    return
  }
  const json = { 'content-type': 'application/json', 'access-control-allow-origin': '*' }
  if (path !== '/sql' || request.method !== 'POST') {
    request.resume()
    response.writeHead(400, json).end(JSON.stringify('query is not supported'))
    return
  }
  parts.stats.requests++
  const left = new AbortController()
  // Also after the answer, when nothing is left to stop.
  response.on('close', () => left.abort())
  const { maxRequestBytes, maxResponseBytes } = parts.limits
  try {
    const sql = readSqlRequest(request.headers, await readBody(request, maxRequestBytes))
    parts.stats.statements += sql.queries.length
    const limits = { maxBytes: maxResponseBytes, typed: !sql.rawText, signal: left.signal }
    const answer = await parts.backend.run(sql.queries, { ...sql, ...limits })
    const body = writeSqlResponse(sql, answer, maxResponseBytes)
    response.writeHead(200, { ...json, ...sql.echoed }).end(body)
  } catch (error) {
    parts.stats.errors++
    response.writeHead(statusOf(error), json).end(errorBody(error))
  }
}

/** What PostgreSQL refuses is the caller's (400); without a SQLSTATE the database could not be asked (500). */
function statusOf(error: unknown): number {
  if (error instanceof Refusal) return error.status
  return /^[0-9A-Z]{5}$/.test(String((error as { code?: unknown }).code)) ? 400 : 500
}

async function readBody(request: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  // Without an encoding, a request yields bytes.
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    length += chunk.length
    // The rest is read and dropped, so that the client gets the answer and not a broken pipe.
    if (length <= maxBytes) chunks.push(chunk)
  }
  if (length > maxBytes) throw new Refusal(413, `request is too large (max is ${maxBytes} bytes)`)
  return Buffer.concat(chunks).toString('utf8')
}
