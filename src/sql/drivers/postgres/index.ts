/**
 * Driver for PostgreSQL over TCP, also through poolers such as pgBouncer, RDS Proxy and Hyperdrive.
 *
 * @module
 */

export { postgres, type PostgresOptions, type PostgresTls } from './driver.ts'
