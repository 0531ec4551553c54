import { workerWith } from './lexigram-routes.js'

export default workerWith({})
