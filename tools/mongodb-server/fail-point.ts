import { CommandError } from './command-error.ts'
import type { Command, Reply } from './wire.ts'

/** What happens to a command instead of, or after, its work. */
export interface Failure {
  /** Ends the connection without an answer, before or after the work. */
  readonly close?: 'before' | 'after'
  /** Milliseconds to wait first. */
  readonly delay?: number
  readonly error?: CommandError
  readonly writeConcernError?: Reply
  /** Beside the error of the write concern. */
  readonly errorLabels?: readonly string[]
  /** Is the answer, without any work. */
  readonly reply?: Reply
  /** Answers with bytes that are not the wire protocol, after the work. */
  readonly isGarbage?: boolean
}

/** The fail point `failCommand`, with which MongoDB's own specifications test drivers. */
export interface FailPoint {
  /** Runs `configureFailPoint`. */
  configure(command: Command): Reply
  /** What shall happen to this command. */
  failureOf(commandName: string): Failure
}

/** @see https://github.com/mongodb/mongo/wiki/The-%22failCommand%22-fail-point */
export function createFailPoint(): FailPoint {
  let left = 0
  let data: Command = {}
  return {
    configure(command) {
      const mode = command['mode']
      left = mode === 'alwaysOn' ? Infinity : Number((mode as Command | undefined)?.['times'] ?? 0)
      data = (command['data'] as Command | undefined) ?? {}
      return { ok: 1 }
    },
    failureOf(commandName) {
      const names = data['failCommands'] as readonly string[] | undefined
      if (left <= 0 || names?.includes(commandName) !== true) return {}
      left -= 1
      const code = data['errorCode']
      return {
        // `closeConnection` loses the request, `closeAfter` the answer: the one knob that MongoDB's own does not have.
        ...(data['closeConnection'] === true && { close: 'before' }),
        ...(data['closeAfter'] === true && { close: 'after' }),
        ...(data['blockConnection'] === true && { delay: Number(data['blockTimeMS']) }),
        ...(code !== undefined && { error: errorOf(code, data['errorLabels'] ?? labelsOf(commandName, Number(code))) }),
        ...(data['writeConcernError'] !== undefined && {
          writeConcernError: data['writeConcernError'] as Reply,
          errorLabels: (data['errorLabels'] ?? []) as readonly string[],
        }),
      }
    },
  }
}

/** Errors after which a server lets drivers repeat a write, or go on with a stream of changes. */
const retryable = new Set([6, 7, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436])

function labelsOf(commandName: string, code: number): readonly string[] | undefined {
  if (!retryable.has(code)) return undefined
  return [commandName === 'getMore' ? 'ResumableChangeStreamError' : 'RetryableWriteError']
}

function errorOf(code: unknown, errorLabels: unknown): CommandError {
  const fields = errorLabels === undefined ? {} : { errorLabels }
  return new CommandError(`Location${Number(code)}`, 'failed by the fail point', fields)
}
