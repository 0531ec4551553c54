import {
  logLevels,
  type Log,
  type LogFields,
  type LogLevel,
  type LogRecord,
  type LogWriter,
} from '../../core/log/log.ts'
import { shortened, toLoggable } from '../../core/log/loggable.ts'
import type { RequestContext } from '../invocation/request-context.ts'

export interface LogSetting {
  readonly write: LogWriter
  readonly lowest: LogLevel
  readonly context: RequestContext
  /** Of every line. */
  readonly fields?: LogFields
}

/** The log of one scope. Ids are looked up when a line is written. */
export function createLog({ write, lowest, context, fields: shared }: LogSetting): Log {
  const writes = (level: LogLevel): boolean => logLevels.indexOf(level) >= logLevels.indexOf(lowest)
  const at = (level: LogLevel) => (message: string, fields?: LogFields) => {
    if (!writes(level)) return
    const all = shared === undefined ? fields : { ...shared, ...fields }
    write(lineOf(level, message, { ids: idsOf(context), ...(all !== undefined && { fields: all }) }))
  }
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    writes,
    with: (fields) => createLog({ write, lowest, context, fields: { ...shared, ...fields } }),
  }
}

type Ids = Pick<LogRecord, 'requestId' | 'messageId' | 'traceId' | 'spanId'>

/** A line of now. */
export function lineOf(
  level: LogLevel,
  message: unknown,
  { ids, fields }: { readonly ids: Ids; readonly fields?: LogFields },
): LogRecord {
  return {
    time: new Date().toISOString(),
    level,
    // JavaScript can pass something else, such as an error; `shortened` would throw.
    message: typeof message === 'string' ? shortened(message) : `[${typeof message}]`,
    ...ids,
    ...(fields !== undefined && { fields: toLoggable(fields) }),
  }
}

function idsOf({ requestId, event, span, traceParent }: RequestContext): Ids {
  // The sink may not know the ids of its spans; the caller's trace still goes on.
  const traceId = span?.traceId || traceParent?.traceId
  return {
    requestId,
    ...(isMessage(event, requestId) && { messageId: requestId }),
    ...(traceId !== undefined && { traceId }),
    ...(span?.spanId && { spanId: span.spanId }),
  }
}

/** The adapters take a message's own id for that of its scope: of Cloudflare, SQS, or a stream. */
function isMessage(event: unknown, requestId: string): boolean {
  const { id, messageId, eventID } = Object(event) as Readonly<Record<string, unknown>>
  return [id, messageId, eventID].includes(requestId)
}
