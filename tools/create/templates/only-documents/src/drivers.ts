import type { Drivers } from './data.ts'
import { documentDrivers } from './document-drivers.ts'

/** What is deployed. */
export const drivers: Drivers = { nosql: documentDrivers }
