import type { LogWriter } from '../../core/log/log.ts'
import type { ReportedError } from '../application-options.ts'
import { lineOf } from './create-log.ts'

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
