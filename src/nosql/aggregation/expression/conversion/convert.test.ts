import { describe, expect, it } from 'vitest'
import type { Document } from '../../../query/value.ts'
import { aggregation } from '../../index.ts'

const run = (expression: unknown, document: Document = {}) => aggregation().expression(expression)(document)
const bytes = (...values: number[]) => Uint8Array.from(values)

describe('conversions', () => {
  it.each<[unknown, unknown]>([
    [{ $toInt: '42' }, 42],
    [{ $toInt: 1.9 }, 1],
    [{ $toInt: true }, 1],
    [{ $toInt: null }, null],
    [{ $toLong: '9223372036854775807' }, 2n ** 63n - 1n],
    [{ $toLong: new Date(5) }, 5n],
    [{ $toDouble: '1e3' }, 1000],
    [{ $toDouble: '-0x1.8p1' }, -3],
    [{ $toBool: 'false' }, true],
    [{ $toBool: 0n }, false],
    [{ $toString: 1e16 }, '1e+16'],
    [{ $toString: 0.00001 }, '1e-05'],
    [{ $toString: new Date(0) }, '1970-01-01T00:00:00.000Z'],
    [{ $toDate: 1000.9 }, new Date(1000)],
    [{ $toDate: '2024-06-15T12:30:45+05:00' }, new Date('2024-06-15T07:30:45Z')],
    [{ $convert: { input: 'x', to: 'int', onError: 'no' } }, 'no'],
    [{ $convert: { input: '$nope', to: 'int', onNull: 'none' } }, 'none'],
    [{ $convert: { input: '5', to: 16 } }, 5],
    [{ $convert: { input: '5', to: { type: 'int' } } }, 5],
    [{ $convert: { input: 'aGk=', to: 'binData', format: 'base64' } }, bytes(104, 105)],
    [{ $convert: { input: 'aGk', to: 'binData', format: 'base64url' } }, bytes(104, 105)],
    [{ $convert: { input: '0aFF', to: 'binData', format: 'hex' } }, bytes(10, 255)],
    [{ $convert: { input: bytes(0xc3, 0xa9), to: 'string', format: 'utf8' } }, 'é'],
    [{ $convert: { input: bytes(10, 255), to: 'string', format: 'hex' } }, '0AFF'],
    [{ $convert: { input: bytes(1, 2), to: 'int' } }, 513],
    [{ $convert: { input: bytes(1, 2), to: 'int', byteOrder: 'big' } }, 258],
    [{ $convert: { input: 258, to: 'binData', byteOrder: 'big' } }, bytes(0, 0, 1, 2)],
    [{ $toString: { $toLong: 7 } }, '7'],
    [{ $type: 1 }, 'int'],
    [{ $type: 1.5 }, 'double'],
    [{ $type: { $toDouble: 1 } }, 'int'],
    [{ $let: { vars: { x: { $divide: [4, 2] } }, in: { $type: '$$x' } } }, 'int'],
    [{ $type: { $divide: [1, 2] } }, 'double'],
    [{ $type: 2147483648 }, 'double'],
    [{ $toDate: 2147483648 }, new Date(2147483648)],
    [{ $toString: { $toObjectId: '507F1F77bcf86cd799439011' } }, '507f1f77bcf86cd799439011'],
    [{ $type: { $toObjectId: '507f1f77bcf86cd799439011' } }, 'objectId'],
    [{ $toDate: { $toObjectId: '507f1f77bcf86cd799439011' } }, new Date('2012-10-17T21:13:27Z')],
    [{ $year: { $toObjectId: '507f1f77bcf86cd799439011' } }, 2012],
    [{ $bsonSize: { a: { $toObjectId: '507f1f77bcf86cd799439011' } } }, 20],
    [{ $type: { $toLong: 1 } }, 'long'],
    [{ $type: '$nope' }, 'missing'],
    [{ $isNumber: '1' }, false],
    [{ $isNumber: 1n }, true],
    [{ $bsonSize: { $literal: { a: 1 } } }, 12],
    [{ $binarySize: 'é' }, 2],
  ])('%o', (expression, expected) => {
    expect(run(expression)).toEqual(expected)
  })

  it('round-trips a UUID', () => {
    const id = '3b241101-e2bb-4255-8caf-4136c566a962'
    expect(run({ $convert: { input: { $toUUID: id }, to: 'string', format: 'uuid' } })).toBe(id)
  })

  it.each<[unknown, string]>([
    [{ $toInt: '1.5' }, 'ConversionFailure'],
    [{ $toInt: 2147483648 }, 'ConversionFailure'],
    [{ $toInt: new Date(0) }, 'ConversionFailure'],
    [{ $toLong: '9223372036854775808' }, 'ConversionFailure'],
    [{ $toDouble: '1 ' }, 'ConversionFailure'],
    [{ $toDouble: '0x1p' }, 'ConversionFailure'],
    [{ $toString: [[1]] }, 'ConversionFailure'],
    [{ $toDate: true }, 'ConversionFailure'],
    [{ $toDate: 5 }, 'ConversionFailure'],
    [{ $toDate: { $add: [2, 3] } }, 'ConversionFailure'],
    [{ $toDecimal: 'x' }, 'ConversionFailure'],
    [{ $toObjectId: 'x' }, 'ConversionFailure'],
    [{ $convert: { input: 1, to: 'nope' } }, 'BadValue'],
    [{ $convert: { input: 1, to: 99 } }, 'FailedToParse'],
    [{ $convert: { input: 1, to: 'array' } }, 'ConversionFailure'],
    [{ $convert: { input: 'x', to: 'binData', format: 'BASE64' } }, 'Location4341125'],
    [{ $convert: { input: 'abc', to: 'binData', format: 'hex' } }, 'ConversionFailure'],
    [{ $convert: { input: bytes(255), to: 'string', format: 'utf8' } }, 'ConversionFailure'],
    [{ $convert: { input: 1, to: 'binData', byteOrder: 'middle' } }, 'Location9130002'],
  ])('%o is refused', (expression, reason) => {
    expect(() => run(expression)).toThrow(expect.objectContaining({ code: 'LEX_ERR_NOSQL_007', reason }))
  })

  it('needs Decimal128 for $toDecimal, which only MongoDB has', () => {
    expect(() => run({ $toDecimal: 1 })).toThrow(expect.objectContaining({ code: 'LEX_ERR_NOSQL_009' }))
  })

  it.each([
    { $toString: new Date('+010000-01-01') },
    { $convert: { input: new Date('-000001-01-01'), to: 'string', onError: 'no' } },
    { $dateToString: { date: new Date('+010000-01-01') } },
    { $toLower: new Date('+010000-01-01') },
  ])('%o is a date that cannot be written', (expression) => {
    expect(() => run(expression)).toThrow(expect.objectContaining({ reason: 'Location18537' }))
  })
})
