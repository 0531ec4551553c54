import { UsageError } from '../../../core/errors.ts'
import type { Statement, TransactionOptions } from '../../contract/driver.ts'
import { DataError } from '../../errors.ts'
import { bareText } from './bare-text.ts'

/** The protocol counts parameters in 16 bits. https://www.postgresql.org/docs/current/protocol-message-formats.html */
const mostParams = 65_535

/** Most characters that one call may send. Drivers copy them several times, and an edge runtime may have 128 MiB. */
const longestCall = 64 * 1024 * 1024

/** Most statements are one of these, which need no closer look. */
const ordinary = /^\s*(?:select|insert|update|delete|with)\b/i

const control =
  /^[\s;]*(?:begin|start\s+transaction|commit|end|rollback|abort|savepoint|release|prepare\s+transaction)\b/i

const setting = /^[\s;]*(?:re)?set\b/i

const letsWrite = /\bread\s+write\b/i

/** In quotes too, and where Unicode escapes may spell it. */
const mayName = /transaction_read_only|\bu&"/i

const streamed = /^[\s;]*copy\b.*\b(?:stdin|stdout)\b/is

/**
 * Refuses, before anything is sent, what would be undone, left open or lost.
 *
 * @throws UsageError for too many parameters, for a text that the protocol would cut or change, for a statement that begins or ends a transaction by itself or lets one
 * that only reads write, and for a COPY that needs a stream
 */
export function assertSendable({ text, params }: Statement, modes?: TransactionOptions): void {
  if (params.length > mostParams) {
    throw new UsageError(`a statement must have at most ${mostParams} parameters (this one has ${params.length})`, {
      hint: 'Send a list as one parameter, `= any(${sql.param(list)})`, or write in several statements.',
    })
  }
  if (text.includes('\0')) {
    throw new UsageError('a statement cannot have a NUL character: the database would read it up to there only')
  }
  if (!text.isWellFormed()) {
    throw new UsageError(
      'a statement cannot have half of a surrogate pair: the database would receive another character',
    )
  }
  if (ordinary.test(text)) return
  const bare = bareText(text)
  if (control.test(bare)) {
    throw new UsageError('a statement cannot begin or end a transaction by itself: the session does both', {
      hint: 'Use session.transaction, or session.batch; a transaction inside a transaction is a savepoint.',
    })
  }
  // Only before the first query does PostgreSQL allow it. A lost answer of a read-only call is taken for harmless.
  if (modes?.readOnly === true && setting.test(bare) && (letsWrite.test(bare) || mayName.test(text))) {
    throw new UsageError('a statement cannot let a transaction write that is read only', {
      hint: 'Leave readOnly out where something is to be written.',
    })
  }
  if (streamed.test(bare)) {
    throw new UsageError('a statement cannot copy from or to its client: a session has no such stream', {
      hint: 'Insert rows with `insert … select * from unnest(…)`, and read them with `select`.',
    })
  }
}

/** Asked before a value is copied, so that a giant one is not. @throws DataError */
export function assertCallSize(characters: number): void {
  if (characters <= longestCall) return
  throw new DataError('a call cannot be sent: its statements and values must have at most 64 MiB', {
    hint: 'Send less at once; keep large objects in object storage, and their keys in the database.',
  })
}

/** The sum over statements that are sent together. @throws DataError */
export function assertCallsFit(statements: readonly Statement[]): void {
  let characters = 0
  for (const { text, params } of statements) {
    characters += text.length
    for (const param of params) characters += param?.length ?? 0
  }
  assertCallSize(characters)
}
