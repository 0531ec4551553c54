import { vercel } from 'lexigram-edge/vercel'
import { createApp } from '../app/app.ts'
import { documentDrivers, sqlDrivers } from '../app/databases.ts'

export default vercel(createApp({ sql: sqlDrivers, nosql: documentDrivers() }), { maxDuration: 60 })
