import { lambda } from 'lexigram-edge/lambda'
import { createVisitsApplication } from './visits-app.ts'

export const handler = lambda(createVisitsApplication())
