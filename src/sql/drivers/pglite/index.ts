export { pglite, type PGliteOptions } from './driver.ts'
