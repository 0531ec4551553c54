import type pg from 'pg'
import { UsageError } from '../../../core/errors.ts'

/** What is used of `pg`. */
export type Vendor = Pick<typeof pg, 'Client' | 'Pool'>

/**
 * Loaded when a database is opened: an entry point that lists the driver and uses another does not start it.
 *
 * @throws UsageError when it is not installed
 */
export async function loadVendor(): Promise<Vendor> {
  try {
    // Older versions have no names to import.
    const { default: vendor } = await import('pg')
    return vendor
  } catch (cause) {
    throw new UsageError('the driver postgres cannot be used: the package pg could not be loaded', {
      hint: 'npm install pg; on Workers, set the compatibility flag nodejs_compat.',
      cause,
    })
  }
}
