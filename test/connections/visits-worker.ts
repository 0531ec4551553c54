import { workers } from 'lexigram-edge/workers'
import { createVisitsApplication } from './visits-app.ts'

export default workers(createVisitsApplication())
