import { describe, expect, it } from 'vitest'
import { throwRefusal } from './http-answer.ts'

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
