import { describe, expect, it } from 'vitest'
import { throwRefusal } from './http-answer.ts'
import { neverConnected } from './http.ts'

const refuse = (body: object, isRead = false): unknown => {
  try {
    return throwRefusal({ status: 400, text: JSON.stringify(body) }, () => isRead)
  } catch (error) {
    return error
  }
}

describe('an answer of the endpoint with status 400', () => {
  it('is the error of the database when it has an SQLSTATE and a severity', () => {
    expect(refuse({ message: 'no', code: '23505', severity: 'ERROR' })).toMatchObject({ code: '23505' })
  })

  it.each([
    "password authentication failed for user 'app'",
    'missing username in connection string',
    'could not parse the HTTP request body: EOF',
    'This IP address 10.0.0.1 is not allowed to connect to this endpoint.',
  ])('came before the database where it says "%s"', (message) => {
    expect(refuse({ message, code: '', severity: '' })).toMatchObject({ code: 'LEX_ERR_SQL_001' })
  })

  it.each([
    ['the endpoint cancelled the query', 'Query cancelled, connection was terminated', '08P01'],
    ['the endpoint lost the database', 'connection closed', ''],
    ['it says nothing that is known', 'error communicating with the server', ''],
  ])('leaves the outcome of a write unknown where %s', (_case, message, code) => {
    expect(refuse({ message, code })).toMatchObject({ code: 'LEX_ERR_SQL_016' })
    expect(refuse({ message, code }, true)).toMatchObject({ code: 'LEX_ERR_SQL_001' })
  })
})

describe('an answer with another status', () => {
  const refuseAs = (status: number, isRead = false): unknown => {
    try {
      return throwRefusal({ status, text: '' }, () => isRead)
    } catch (error) {
      return error
    }
  }

  it.each([401, 403, 404, 405, 429])('came before the database with %i', (status) => {
    expect(refuseAs(status)).toMatchObject({ code: 'LEX_ERR_SQL_001' })
  })

  it.each([408, 409, 410, 425, 499, 418, 500, 502, 504])('leaves the outcome of a write unknown with %i', (status) => {
    expect(refuseAs(status)).toMatchObject({ code: 'LEX_ERR_SQL_016' })
    expect(refuseAs(status, true)).toMatchObject({ code: 'LEX_ERR_SQL_001' })
  })
})

describe('an error of the network', () => {
  const failed = (code: string, syscall?: string) =>
    new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code, ...(syscall && { syscall }) }) })

  it.each([
    failed('ECONNREFUSED', 'connect'),
    failed('ETIMEDOUT', 'connect'),
    failed('EHOSTUNREACH', 'connect'),
    failed('ENOTFOUND', 'getaddrinfo'),
  ])('came before a connection: $cause.code of $cause.syscall', (error) => {
    expect(neverConnected(error)).toBe(true)
  })

  it.each([
    failed('EHOSTUNREACH', 'read'),
    failed('ENETUNREACH', 'write'),
    failed('EHOSTUNREACH'),
    failed('ECONNRESET', 'read'),
    failed('EPIPE', 'write'),
    failed('UND_ERR_SOCKET'),
  ])('may have come after the request: $cause.code of $cause.syscall', (error) => {
    expect(neverConnected(error)).toBe(false)
  })
})
