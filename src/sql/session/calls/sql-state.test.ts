import { describe, expect, it } from 'vitest'
import { DuplicateKeyError } from '../../../core/errors.ts'
import { toProblemDetails } from '../../../core/problem-details.ts'
import { CommitUnknownError } from '../../errors.ts'
import { toSqlError } from './sql-state.ts'

const refused = (code: string, more: object = {}) =>
  Object.assign(new Error('text with hunter2 in it'), { code, ...more })

describe('toSqlError', () => {
  it.each([
    ['23505', 'LEX_ERR_DB_005', 409],
    ['23503', 'LEX_ERR_SQL_010', 409],
    ['23502', 'LEX_ERR_SQL_011', 422],
    ['23514', 'LEX_ERR_SQL_012', 422],
    ['23P01', 'LEX_ERR_SQL_012', 422],
    ['22P02', 'LEX_ERR_SQL_026', 422],
    ['25006', 'LEX_ERR_SQL_005', 500],
    ['25P02', 'LEX_ERR_SQL_013', 500],
    ['40001', 'LEX_ERR_SQL_014', 409],
    ['40P01', 'LEX_ERR_SQL_015', 409],
    ['42501', 'LEX_ERR_DOM_003', 403],
    ['42601', 'LEX_ERR_SQL_005', 500],
    ['53300', 'LEX_ERR_SQL_001', 503],
    ['55P03', 'LEX_ERR_SQL_017', 503],
    ['57014', 'LEX_ERR_INFRA_002', 504],
    ['57P01', 'LEX_ERR_SQL_001', 503],
    ['28P01', 'LEX_ERR_SQL_001', 503],
    ['3D000', 'LEX_ERR_SQL_001', 503],
    ['08006', 'LEX_ERR_SQL_001', 503],
    ['P0001', 'LEX_ERR_SQL_005', 500],
  ])('makes of SQLSTATE %s an error %s with status %i', (state, code, status) => {
    expect(toSqlError(refused(state))).toMatchObject({ code, status, details: { sqlState: state } })
  })

  it.each([
    ['22003', 'a value does not fit its type'],
    ['22012', 'the statement divides by zero'],
    ['22023', 'a value cannot be used'],
    ['2201W', 'a value cannot be used'],
  ])('says no more of SQLSTATE %s than it means: %s', (state, message) => {
    expect(toSqlError(refused(state)).message).toBe(message)
  })

  it('names the objects without the values', () => {
    const thrown = refused('23505', {
      constraint: 'users_email',
      table: 'users',
      detail: 'Key (email)=(hunter2) exists',
    })
    const error = toSqlError(thrown)
    expect(error.details).toEqual({ sqlState: '23505', constraint: 'users_email', table: 'users' })
    expect(error.message).toContain('users_email')
    expect(JSON.stringify([error.message, error.hint, error.details])).not.toContain('hunter2')
  })

  it('finds the state behind the errors of other libraries', () => {
    const wrapped = new Error('Failed query', { cause: new Error('again', { cause: refused('23505') }) })
    expect(toSqlError(wrapped)).toBeInstanceOf(DuplicateKeyError)
  })

  it('takes what has no state for a database that could not be asked', () => {
    for (const thrown of [
      new TypeError('fetch failed'),
      Object.assign(new Error('x'), { code: 'ECONNREFUSED' }),
      'gone',
      undefined,
    ]) {
      expect(toSqlError(thrown)).toMatchObject({ code: 'LEX_ERR_SQL_001', status: 503 })
    }
  })

  it('passes an error of this package as it is', () => {
    const own = new DuplicateKeyError('mine')
    expect(toSqlError(own)).toBe(own)
  })

  it.each([
    ['a plain error', new TypeError('fetch failed')],
    [
      'a connection that broke',
      Object.assign(new Error('write EPIPE'), { code: 'EPIPE', errno: -32, syscall: 'write' }),
    ],
    ['a server that says it does not know', refused('40003')],
    ['an administrator who ended the connection', refused('57P01')],
    ['a server that ended the connection', refused('XX000', { severity: 'FATAL' })],
  ])('asks its caller what a lost answer means, for %s', (_what, thrown) => {
    expect(toSqlError(thrown, { lost: (options) => new CommitUnknownError('lost', options) })).toBeInstanceOf(
      CommitUnknownError,
    )
  })

  it.each([
    ['an internal error', refused('XX000', { severity: 'ERROR' })],
    ['a refused connection', refused('53300', { severity: 'FATAL' })],
    ['a refused password', refused('28P01', { severity: 'FATAL' })],
    ['a transaction that was idle for too long', refused('25P03', { severity: 'FATAL' })],
  ])('knows that nothing was kept after %s', (_what, thrown) => {
    const lost = () => expect.unreachable('the answer was not lost')
    expect(toSqlError(thrown, { lost })).toMatchObject({ details: { sqlState: expect.any(String) } })
  })

  it.each([
    ['its own text', refused('42883', { severity: 'ERROR', position: '6' }), 'LEX_ERR_SQL_005'],
    ['a connection that was refused', refused('53300', { severity: 'FATAL' }), 'LEX_ERR_SQL_001'],
  ])('knows that a procedure did not begin after %s', (_what, thrown, code) => {
    const lost = () => expect.unreachable('nothing was sent')
    expect(toSqlError(thrown, { lost, commitsByItself: true })).toMatchObject({ code })
  })

  it.each([
    ['a failure inside', refused('22012', { severity: 'ERROR', where: 'PL/pgSQL function p() line 1' })],
    ['a text that it made', refused('42601', { position: '1', internalPosition: '1', where: 'PL/pgSQL function p()' })],
    ['a privilege', refused('42501', { severity: 'ERROR' })],
  ])('does not know what a procedure has kept after %s', (_what, thrown) => {
    const lost = () => new CommitUnknownError('lost')
    expect(toSqlError(thrown, { lost, commitsByItself: true })).toBeInstanceOf(CommitUnknownError)
  })

  it('takes a protocol violation for a wrong statement, not for a lost connection', () => {
    expect(toSqlError(refused('08P01', { severity: 'ERROR' }))).toMatchObject({ code: 'LEX_ERR_SQL_005' })
  })

  it('tells callers what has happened without the constraint or the table', () => {
    const error = toSqlError(refused('23505', { constraint: 'users_email', table: 'users', schema: 'public' }))
    expect(toProblemDetails(error)).toEqual({
      type: 'urn:lexigram:LEX_ERR_DB_005',
      title: 'Conflict',
      status: 409,
      code: 'LEX_ERR_DB_005',
      detail: 'a row with this key exists already',
    })
  })

  it('says of a serialization failure that it is worth another try', () => {
    expect(toSqlError(refused('40001')).hint).toContain('again')
  })
})
