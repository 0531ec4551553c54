import { workers } from 'lexigram-edge/workers'
import { createApp } from './app.ts'
import { drivers } from './drivers.ts'

export default workers(createApp(drivers))
