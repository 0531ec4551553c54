import { describe } from 'vitest'
import { judgeLane } from './judge-lane.ts'

const folder = process.env['LEXIGRAM_ORACLE']

describe.skipIf(folder === undefined)('recorded MongoDB answers over its wire protocol', () => {
  judgeLane('MongoDB’s wire protocol', 'mongodb', folder ?? '')
})
