import * as vendor from 'mongodb'
import { describe, expect, it } from 'vitest'
import { isLexigramError } from '../../../core/errors.ts'
import { toStoreError } from './errors.ts'

const message = 'at mongodb://ada:hunter2@db.example:27017'
const text = new Error(message)

/** What a caller is told of a read and of a write. */
const away = ['LEX_ERR_NOSQL_002', 'LEX_ERR_NOSQL_014']
const usage = ['LEX_ERR_USE_001', 'LEX_ERR_USE_001']
const unsupported = ['LEX_ERR_NOSQL_009', 'LEX_ERR_NOSQL_009']
const transaction = ['LEX_ERR_NOSQL_006', 'LEX_ERR_NOSQL_006']
const unknown = ['LEX_ERR_NOSQL_014', 'LEX_ERR_NOSQL_014']

/** A decision for every class of errors that the vendor exports. */
const decisions: Readonly<Record<string, readonly [() => Error, readonly string[]]>> = {
  MongoAPIError: [() => new vendor.MongoAPIError(message), away],
  MongoAWSError: [() => new vendor.MongoAWSError(message), away],
  MongoAzureError: [() => new vendor.MongoAzureError(message), away],
  MongoBatchReExecutionError: [() => new vendor.MongoBatchReExecutionError(message), usage],
  MongoBulkWriteError: [
    () =>
      new vendor.MongoBulkWriteError(new vendor.MongoServerError({ message, code: 91 }), {
        getWriteErrors: () => [],
      } as never),
    away,
  ],
  MongoChangeStreamError: [() => new vendor.MongoChangeStreamError(message), away],
  MongoClientBulkWriteCursorError: [() => new vendor.MongoClientBulkWriteCursorError(message), away],
  MongoClientBulkWriteError: [
    () =>
      Object.assign(new vendor.MongoClientBulkWriteError({ message }), { writeConcernErrors: [{ code: 64, message }] }),
    unknown,
  ],
  MongoClientBulkWriteExecutionError: [() => new vendor.MongoClientBulkWriteExecutionError(message), usage],
  MongoClientClosedError: [() => new vendor.MongoClientClosedError(), away],
  MongoCompatibilityError: [() => new vendor.MongoCompatibilityError(message), unsupported],
  MongoCryptAzureKMSRequestError: [() => new vendor.MongoCryptAzureKMSRequestError(message), away],
  MongoCryptCreateDataKeyError: [() => new vendor.MongoCryptCreateDataKeyError({ fields: [] }, { cause: text }), away],
  MongoCryptCreateEncryptedCollectionError: [
    () => new vendor.MongoCryptCreateEncryptedCollectionError({ fields: [] }, { cause: text }),
    away,
  ],
  MongoCryptError: [() => new vendor.MongoCryptError(message), away],
  MongoCryptInvalidArgumentError: [() => new vendor.MongoCryptInvalidArgumentError(message), away],
  MongoCryptKMSRequestNetworkTimeoutError: [() => new vendor.MongoCryptKMSRequestNetworkTimeoutError(message), away],
  MongoCursorExhaustedError: [() => new vendor.MongoCursorExhaustedError(message), away],
  MongoCursorInUseError: [() => new vendor.MongoCursorInUseError(message), away],
  MongoDecompressionError: [() => new vendor.MongoDecompressionError(message), away],
  MongoDriverError: [() => new vendor.MongoDriverError(message), away],
  MongoError: [() => new vendor.MongoError(message), away],
  MongoExpiredSessionError: [() => new vendor.MongoExpiredSessionError(message), transaction],
  MongoGCPError: [() => new vendor.MongoGCPError(message), away],
  MongoGridFSChunkError: [() => new vendor.MongoGridFSChunkError(message), away],
  MongoGridFSStreamError: [() => new vendor.MongoGridFSStreamError(message), away],
  MongoInvalidArgumentError: [() => new vendor.MongoInvalidArgumentError(message), usage],
  MongoKerberosError: [() => new vendor.MongoKerberosError(message), away],
  MongoMissingCredentialsError: [() => new vendor.MongoMissingCredentialsError(message), away],
  MongoMissingDependencyError: [
    () => new vendor.MongoMissingDependencyError(message, { cause: text, dependencyName: 'snappy' }),
    usage,
  ],
  MongoNetworkError: [() => new vendor.MongoNetworkError(message), away],
  MongoNetworkTimeoutError: [() => new vendor.MongoNetworkTimeoutError(message), away],
  MongoNotConnectedError: [() => new vendor.MongoNotConnectedError(message), away],
  MongoOIDCError: [() => new vendor.MongoOIDCError(message), away],
  MongoOperationTimeoutError: [() => new vendor.MongoOperationTimeoutError(message), away],
  MongoParseError: [() => new vendor.MongoParseError(message), away],
  MongoRuntimeError: [() => new vendor.MongoRuntimeError(message), away],
  MongoServerClosedError: [() => new vendor.MongoServerClosedError(message), away],
  MongoServerError: [() => new vendor.MongoServerError({ message, code: 91 }), away],
  MongoServerSelectionError: [
    () => new vendor.MongoServerSelectionError(message, { servers: new Map(), error: text } as never),
    away,
  ],
  MongoStalePrimaryError: [() => new vendor.MongoStalePrimaryError(message), away],
  MongoSystemError: [() => new vendor.MongoSystemError(message, { servers: new Map(), error: text } as never), away],
  MongoTailableCursorError: [() => new vendor.MongoTailableCursorError(message), away],
  MongoTopologyClosedError: [() => new vendor.MongoTopologyClosedError(message), away],
  MongoTransactionError: [() => new vendor.MongoTransactionError(message), transaction],
  MongoUnexpectedServerResponseError: [() => new vendor.MongoUnexpectedServerResponseError(message), away],
  MongoWriteConcernError: [
    () => new vendor.MongoWriteConcernError({ ok: 1, writeConcernError: { code: 64, errmsg: message } }),
    unknown,
  ],
}

describe('a class of errors of the vendor', () => {
  it('is never without a decision', () => {
    const exported = Object.entries(vendor).flatMap(([name, value]) =>
      typeof value === 'function' && value.prototype instanceof Error ? [name] : [],
    )
    expect(Object.keys(decisions)).toEqual(exported.toSorted())
  })

  it.each(Object.entries(decisions))('%s', (name, [make, [ofRead, ofWrite]]) => {
    const error = make()
    expect(error.name).toBe(name)
    expect(toStoreError(error, 'read')).toMatchObject({ code: ofRead })
    expect(toStoreError(error, 'write')).toMatchObject({ code: ofWrite })
    expect(toStoreError(error, 'lost write')).toMatchObject({ code: 'LEX_ERR_NOSQL_014' })
    const labels = ['TransientTransactionError', 'RetryableWriteError']
    const labelled = make() as vendor.MongoError // all of them are
    for (const label of labels) labelled.addErrorLabel(label)
    for (const operation of ['read', 'write', 'unsent write', 'lost write', 'in transaction'] as const) {
      const told = toStoreError(labelled, operation)
      expect(isLexigramError(told)).toBe(true)
      expect(told.cause).toMatchObject({ errorLabels: labels })
      expect(`${told.message} ${JSON.stringify(told)} ${String(told.cause)}`).not.toMatch(/hunter2|db\.example/)
    }
  })
})
