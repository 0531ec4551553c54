import { vercel } from 'lexigram-edge/vercel'
import { app } from './deployed.ts'

export default vercel(app, { maxDuration: 60 })
