import type { LogRecord, LogWriter } from '../../core/log/log.ts'
import { toLoggable } from '../../core/log/loggable.ts'
import { writeToConsole } from './console-writer.ts'

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
