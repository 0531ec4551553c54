import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { toSqlError } from './sql-state.ts'
import { vendorCause } from './vendor-cause.ts'

/** Everything that a library may put into an error of PostgreSQL, with a secret wherever a value may be. */
const postgresError = (code: string, message: string) =>
  Object.assign(new Error(message), {
    name: 'error',
    code,
    severity: 'ERROR',
    detail: 'Key (email)=(hunter2) already exists.',
    hint: undefined,
    where: 'PL/pgSQL function insert_user(text) hunter2',
    internalQuery: "insert into users values ('hunter2')",
    query: "insert into users values ('hunter2')",
    params: ['hunter2'],
    parameters: ['hunter2'],
    dataType: undefined,
    routine: '_bt_check_unique',
    constraint: 'users_email',
    sourceError: undefined,
  })

const printed = (error: unknown): string => inspect(error, { depth: 10, showHidden: true })

describe('the cause of an error of the database', () => {
  it.each([
    ['a key that exists', postgresError('23505', 'duplicate key value (hunter2)')],
    ['a value of the wrong type', postgresError('22P02', 'invalid input syntax for type integer: "hunter2"')],
    ['a message that a trigger raises', postgresError('P0001', 'hunter2 is not welcome')],
    ['an internal error', postgresError('XX000', 'cache lookup failed for hunter2')],
    [
      'a wrapper',
      Object.assign(new Error('Failed query: insert into users values ($1)\nparams: hunter2'), {
        query: 'insert',
        params: ['hunter2'],
        cause: postgresError('23505', 'duplicate key'),
      }),
    ],
  ])('prints no value, for %s', (_what, thrown) => {
    expect(printed(toSqlError(thrown))).not.toContain('hunter2')
  })

  it('prints no member that is undefined', () => {
    expect(printed(vendorCause(postgresError('23505', 'duplicate key')))).not.toContain('undefined')
  })

  it('keeps the name, the code and the frames of the stack', () => {
    const thrown = postgresError('23505', 'duplicate key')
    const frames = thrown.stack!.split('\n').slice(1)
    const cause = vendorCause(thrown)
    expect(cause).toMatchObject({ name: 'error', code: '23505' })
    expect(cause?.stack?.split('\n').slice(1)).toEqual(frames)
  })

  it('keeps a message that names objects of the schema only', () => {
    expect(vendorCause(postgresError('42703', 'column "emial" does not exist'))?.message).toContain('emial')
  })

  it('keeps what this package has the database repeat', () => {
    const thrown = postgresError('22P02', 'invalid input syntax for type integer: "lexigram:expected-rows:3"')
    expect(vendorCause(thrown)?.message).toBe('lexigram:expected-rows:3')
  })

  it('keeps why a connection could not be opened', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 10.0.0.5:5432'), {
      code: 'ECONNREFUSED',
      errno: -111,
    })
    const cause = vendorCause(new TypeError('fetch failed', { cause: refused }))
    expect(cause).toMatchObject({ name: 'TypeError', cause: { message: refused.message, errno: -111 } })
  })

  it.each(['hunter2', undefined, 7, { detail: 'hunter2' }])('is left out where %o was thrown', (thrown) => {
    expect(toSqlError(thrown)).not.toHaveProperty('cause')
  })

  it('is not followed without end', () => {
    const circular = new Error('again')
    circular.cause = circular
    expect(printed(vendorCause(circular))).toContain('again')
  })
})
