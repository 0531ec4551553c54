import { workers } from 'lexigram-edge/workers'
import { createApp } from '../app/app.ts'
import { documentDrivers, sqlDrivers } from '../app/databases.ts'
import { snapshot } from './snapshot.ts'

export default workers(createApp({ sql: sqlDrivers, nosql: documentDrivers(snapshot) }))
