/**
 * OpenTelemetry: spans and metrics go to whichever SDK the process has registered.
 *
 * @module
 */

export { openTelemetry, type OpenTelemetryOptions } from './open-telemetry.ts'
