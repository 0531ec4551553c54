/**
 * Driver for Postgres embedded in a Node process.
 *
 * @module
 */

export { pglite, type PGliteOptions } from './driver.ts'
