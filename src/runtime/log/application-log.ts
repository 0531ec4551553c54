import type { LogRecord, LogWriter } from '../../core/log/log.ts'
import { toLoggable } from '../../core/log/loggable.ts'
import { writeToConsole } from './console-writer.ts'
import type { ReportedError } from '../application-options.ts'
import { lineOf } from './create-log.ts'

/** A writer that fails nothing. A line that it cannot write goes to the console, with one that says why. */
export function guardedWriter(write: LogWriter = writeToConsole): LogWriter {
  return (record) => {
    try {
      write(record)
    } catch (error) {
      writeFailure(record, error)
    }
  }
}

function writeFailure(record: LogRecord, error: unknown): void {
  const message = 'the writer of the log has failed'
  try {
    writeToConsole({ time: record.time, level: 'error', message, fields: toLoggable({ error }) })
    writeToConsole(record)
  } catch {
    // Not even the console works, so that nothing can be written.
  }
}

/** What becomes of errors where the application has no `onError`: a line of its log. */
export function logErrorsTo(write: LogWriter) {
  return ({ error, phase, subject, traceId }: ReportedError): void => {
    const isProvider = phase === 'provider' || phase === 'health'
    const ids = {
      ...(subject !== undefined && !isProvider && { requestId: subject }),
      ...(traceId !== undefined && { traceId }),
    }
    const fields = { phase, ...(subject !== undefined && isProvider && { provider: subject }), error }
    write(lineOf('error', error instanceof Error ? error.message : 'a value was thrown', { ids, fields }))
  }
}
