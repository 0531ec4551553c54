import { lambda } from 'lexigram-edge/lambda'
import { createApp } from './app.ts'
import { drivers } from './drivers.ts'

export const handler = lambda(createApp(drivers))
