/**
 * For tests of SQL drivers: their conformance suite. It needs drizzle-orm.
 *
 * @module
 */

export type { SqlConformanceCase, SqlHarness } from './conformance-case.ts'
export { sqlConformance } from './sql-conformance.ts'
