import { traceIdOf } from '../core/tracing/error-trace.ts'
import type { ReportedError } from './application-options.ts'

/** Adds the trace in which the error occurred, if it was traced. */
export function withTraceId(report: ReportedError): ReportedError {
  const traceId = traceIdOf(report.error)
  return traceId === undefined ? report : { ...report, traceId }
}
