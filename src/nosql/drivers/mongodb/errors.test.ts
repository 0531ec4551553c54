import { describe, expect, it } from 'vitest'
import { isLexigramError } from '../../../core/errors.ts'
import { toStoreError, type Operation } from './errors.ts'

/** An error as the vendor makes it. */
const vendorError = (name: string, fields: object = {}) =>
  Object.assign(new Error('E at mongodb://ada:hunter2@db.example:27017 for "ada@x.test"'), { name, ...fields })
const server = (code: number, fields: object = {}) => vendorError('MongoServerError', { code, ...fields })
const brokenSocket = () =>
  Object.assign(new Error('read ECONNRESET db.example'), { errno: -104, code: 'ECONNRESET', syscall: 'read' })

const away = 'LEX_ERR_NOSQL_002'
const unknown = 'LEX_ERR_NOSQL_014'
const usage = 'LEX_ERR_USE_001'

describe('an error of the vendor', () => {
  it.each<readonly [string, Error, Operation, string]>([
    ['a network error of a read', vendorError('MongoNetworkError'), 'read', away],
    ['a network error of a write', vendorError('MongoNetworkError'), 'write', unknown],
    ['a network error before anything was sent', vendorError('MongoNetworkError'), 'unsent write', away],
    ['a network error within a transaction', vendorError('MongoNetworkError'), 'in transaction', away],
    ['a socket that broke before a read was sent', brokenSocket(), 'read', away],
    ['a socket that broke before a write was sent', brokenSocket(), 'unsent write', away],
    ['a socket that broke while a write was sent', brokenSocket(), 'write', unknown],
    ['a socket that broke within a transaction', brokenSocket(), 'in transaction', away],
    ['a socket that broke, on workerd', new Error('Network connection lost to db.example.'), 'read', away],
    ['no server for the second attempt of a write', vendorError('MongoServerSelectionError'), 'lost write', unknown],
    ['no server for a write', vendorError('MongoServerSelectionError'), 'unsent write', away],
    ['no connection in time', vendorError('MongoWaitQueueTimeoutError'), 'unsent write', away],
    ['an answer that cannot be read, of a write', vendorError('MongoParseError'), 'write', unknown],
    ['a value of another version of the library, in a write', vendorError('BSONVersionError'), 'write', usage],
    ['a value of another version of the library, in a read', vendorError('BSONVersionError'), 'read', usage],
    ['an answer that cannot be read, of a read', vendorError('BSONError'), 'read', away],
    [
      'a write of which the server says that it did nothing',
      vendorError('MongoNetworkError', { errorLabels: ['NoWritesPerformed'] }),
      'write',
      away,
    ],
    ['a conflict', server(112), 'write', 'LEX_ERR_NOSQL_008'],
    ['a duplicate key', server(11000, { keyPattern: { email: 1 } }), 'write', 'LEX_ERR_DB_005'],
    ['a broken rule', server(121), 'write', 'LEX_ERR_NOSQL_005'],
    ['a refused update', server(28, { codeName: 'PathNotViable' }), 'write', 'LEX_ERR_NOSQL_005'],
    ['a refused filter', server(2, { codeName: 'BadValue' }), 'read', 'LEX_ERR_NOSQL_007'],
    ['refused credentials', server(18), 'read', away],
    ['missing rights', server(13), 'write', away],
    ['no primary', server(10107), 'write', away],
    ['no primary for a write of which one attempt was lost', server(10107), 'lost write', unknown],
    ['a server that shuts down under a write', server(91), 'write', unknown],
    ['a server that shuts down under a read', server(91), 'read', away],
    ['a router that lost the shard of a write', server(89), 'write', unknown],
    ['a router that lost the shard of a read', server(6), 'read', away],
    ['a write that an administrator ended', server(11601), 'write', unknown],
    ['a read that an administrator ended', server(11601), 'read', away],
    ['a cursor that the server has forgotten', server(43), 'read', away],
    ['no member that a read may go to', server(133), 'read', away],
    ['too many requests for a write', server(462), 'write', away],
    [
      'a member that stepped down after a write',
      vendorError('MongoWriteConcernError', { code: 10107 }),
      'write',
      unknown,
    ],
    [
      'a lock that was not free in time, in a transaction',
      server(24, { errorLabels: ['TransientTransactionError'] }),
      'in transaction',
      'LEX_ERR_NOSQL_006',
    ],
    ['too little time for a read', server(50), 'read', 'LEX_ERR_INFRA_002'],
    ['too little time for a write', server(50), 'write', unknown],
    ['too few members that acknowledge', vendorError('MongoWriteConcernError', { code: 64 }), 'write', unknown],
    [
      'a transaction that the server has ended',
      server(251, { errorLabels: ['TransientTransactionError'] }),
      'in transaction',
      'LEX_ERR_NOSQL_006',
    ],
    ['a server without transactions', server(20), 'in transaction', 'LEX_ERR_NOSQL_009'],
    ['a command that the server has not', server(59), 'read', 'LEX_ERR_NOSQL_009'],
  ])('%s', (_name, error, operation, code) => {
    const mapped = toStoreError(error, operation)
    expect(mapped).toMatchObject({ code })
    expect(JSON.stringify(mapped) + mapped.message + String(mapped.cause)).not.toMatch(/hunter2|db\.example|ada@/)
  })

  it('keeps its name, code and labels in the cause', () => {
    const error = server(91, { codeName: 'ShutdownInProgress', errorLabels: ['RetryableWriteError'] })
    expect(toStoreError(error, 'read').cause).toMatchObject({
      name: 'MongoServerError',
      code: 91,
      codeName: 'ShutdownInProgress',
      errorLabels: ['RetryableWriteError'],
    })
  })

  it('an error of the vendor of a whole bulk write is what it failed with', () => {
    const bulk = vendorError('MongoBulkWriteError', {
      errorResponse: vendorError('MongoNetworkError'),
      writeErrors: [],
    })
    expect(toStoreError(bulk, 'write')).toMatchObject({ code: unknown })
  })

  it('an error that is not the vendor’s stays as it is', () => {
    const error = new TypeError('x is not a function')
    expect(toStoreError(error, 'unsent write')).toBe(error)
    const ours = toStoreError(server(112), 'write')
    expect(toStoreError(ours, 'write')).toBe(ours)
    expect(isLexigramError(ours)).toBe(true)
  })

  it('an error of the vendor that breaks a rule of the collection says which, without the values', () => {
    const details = {
      operatorName: '$jsonSchema',
      schemaRulesNotSatisfied: [
        {
          operatorName: 'properties',
          propertiesNotSatisfied: [
            {
              propertyName: 'age',
              details: [
                {
                  operatorName: 'minimum',
                  specifiedAs: { minimum: 0 },
                  reason: 'comparison failed',
                  consideredValue: -7,
                },
              ],
            },
          ],
        },
      ],
    }
    const mapped = toStoreError(server(121, { codeName: 'DocumentValidationFailure', errInfo: { details } }), 'write')
    expect(mapped).toMatchObject({
      reason: 'DocumentValidationFailure',
      details: { rules: { operatorName: '$jsonSchema' } },
    })
    const text = JSON.stringify((mapped as unknown as { details: unknown }).details)
    expect(text).toContain('"propertyName":"age"')
    expect(text).not.toContain('-7')
  })

  it.each([
    ['index: email_1 dup key: { email: "a, b: \\"c\\": d" }', ['email'], 'email_1'],
    ['index: team_1_joined_-1 dup key: { team: 3, joined: new Date(5) }', ['team', 'joined'], 'team_1_joined_-1'],
    ['index: a.b_1 dup key: { a.b: { c: 1, d: [ 1, 2 ] } }', ['a.b'], 'a.b_1'],
    ['index: name_1 collation: { locale: "de" } dup key: { name: "0x2a" }', ['name'], 'name_1'],
    ['index: _id_ dup key: { _id: 7 }', ['_id'], '_id_'],
    // A clustered collection has no index of its ids.
    ['dup key: { _id: "x index: y dup key: z" }', ['_id'], '_id_'],
  ])('an error of the vendor of a duplicate key in a bulk write: %s', (text, fields, index) => {
    const error = server(11000, { errmsg: `E11000 duplicate key error collection: app.users ${text}` })
    expect(toStoreError(error, 'write')).toMatchObject({ details: { collection: 'users', fields, index } })
  })
})
