import { lambda } from 'lexigram-edge/lambda'
import { app } from './deployed.ts'

export const handler = lambda(app)
