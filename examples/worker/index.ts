import { neon } from 'lexigram-edge/sql/neon'
import { workers } from 'lexigram-edge/workers'
import { createApp } from '../app/app.ts'

export default workers(createApp({ sql: [neon()] }))
