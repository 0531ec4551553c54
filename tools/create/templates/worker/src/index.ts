import { workers } from 'lexigram-edge/workers'
import { app } from './deployed.ts'

export default workers(app)
