/**
 * Driver for MongoDB, by the vendor's own package `mongodb`.
 *
 * @module
 */

export { mongodb } from './mongodb-driver.ts'
export type { MongoDbConfig } from './config.ts'
export type { MongoDbOptions } from './mongodb-driver.ts'
