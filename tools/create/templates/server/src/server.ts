import { serve } from 'lexigram-edge/node'
import { createApp } from './app.ts'
import { localDrivers } from './local-drivers.ts'

const { url } = await serve(createApp(localDrivers), {
  port: Number(process.env['PORT'] ?? 3000),
  // A container sets 0.0.0.0.
  host: process.env['HOST'] ?? '127.0.0.1',
})
console.log(`the notes answer at ${url}`)
