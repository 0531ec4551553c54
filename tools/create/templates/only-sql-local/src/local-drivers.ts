import { pglite } from 'lexigram-edge/sql/pglite'
import type { Drivers } from './data.ts'
import { sqlDrivers } from './sql-drivers.ts'

/** What runs on your machine: the embedded database too. `DATABASE_URL` selects the driver. */
export const localDrivers: Drivers = { sql: [...sqlDrivers, pglite()] }
