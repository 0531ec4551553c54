import type { Drivers } from './data.ts'
import { documentDrivers } from './document-drivers.ts'
import { sqlDrivers } from './sql-drivers.ts'

/** What is deployed. */
export const drivers: Drivers = { sql: sqlDrivers, nosql: documentDrivers }
