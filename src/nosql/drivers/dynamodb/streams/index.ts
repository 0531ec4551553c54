/**
 * `watch` for Amazon DynamoDB, over the streams of its tables.
 *
 * @module
 */

export { streams, type StreamsOptions } from './streams.ts'
export type { TableStreams } from './table-streams.ts'
