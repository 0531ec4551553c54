/**
 * Metrics of a Lambda function, as lines of its log that CloudWatch takes for metrics.
 *
 * @module
 */

export { embeddedMetrics, type EmbeddedMetricsOptions } from './embedded-metrics.ts'
