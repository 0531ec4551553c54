import { serve } from 'lexigram-edge/node'
import { pglite } from 'lexigram-edge/sql/pglite'
import { createApp } from '../app/app.ts'
import { documentDrivers, sqlDrivers } from '../app/databases.ts'

const { url } = await serve(createApp({ sql: [...sqlDrivers, pglite()], nosql: documentDrivers() }), {
  port: Number(process.env['PORT'] ?? 3000),
  // A container says 0.0.0.0.
  host: process.env['HOST'] ?? '127.0.0.1',
})
console.log(`the catalogue answers at ${url}`)
