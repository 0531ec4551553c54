export { aggregation, type AggregationOptions } from './engine.ts'
