/**
 * Driver for Postgres at Neon, and for the local endpoint that speaks its protocols.
 *
 * @module
 */

export { neon, type NeonOptions } from './driver.ts'
