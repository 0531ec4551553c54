import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { sqlConformance } from '../../../testing/sql/sql-conformance.ts'
import { openDatabase } from '../../database.ts'
import { pglite } from './driver.ts'

let instance: PGlite
beforeAll(async () => {
  instance = await PGlite.create()
}, 60_000)
afterAll(() => instance.close())

describe('the pglite driver', () => {
  it.each(sqlConformance())('$name', ({ run }) =>
    run({ open: (options) => openDatabase({ ...options, drivers: [pglite({ instance })], url: 'pglite:memory' }) }),
  )
})
