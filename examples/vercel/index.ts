import { neon } from 'lexigram-edge/sql/neon'
import { vercel } from 'lexigram-edge/vercel'
import { createApp } from '../app/app.ts'

export default vercel(createApp({ sql: [neon()] }), { maxDuration: 60 })
