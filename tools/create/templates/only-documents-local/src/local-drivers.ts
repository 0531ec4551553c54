/** What runs on your machine: `LEX_NOSQL__DRIVER` selects the driver. */
export { drivers as localDrivers } from './drivers.ts'
