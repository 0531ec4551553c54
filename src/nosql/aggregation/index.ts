/**
 * Aggregation of documents in memory, for drivers without native aggregation.
 *
 * @module
 */

export { aggregation, type AggregationOptions } from './engine.ts'
