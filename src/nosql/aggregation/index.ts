/**
 * Aggregation of documents in memory, for drivers that have no aggregation of their own.
 *
 * @module
 */

export { aggregation, type AggregationOptions } from './engine.ts'
