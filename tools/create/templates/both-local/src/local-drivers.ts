import { pglite } from 'lexigram-edge/sql/pglite'
import type { Drivers } from './data.ts'
import { documentDrivers } from './document-drivers.ts'
import { sqlDrivers } from './sql-drivers.ts'

/** What runs on your machine: the embedded database too. `DATABASE_URL` and `LEX_NOSQL__DRIVER` select the drivers. */
export const localDrivers: Drivers = { sql: [...sqlDrivers, pglite()], nosql: documentDrivers }
