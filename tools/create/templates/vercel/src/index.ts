import { vercel } from 'lexigram-edge/vercel'
import { createApp } from './app.ts'
import { drivers } from './drivers.ts'

export default vercel(createApp(drivers), { maxDuration: 60 })
