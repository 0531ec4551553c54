import { describe } from 'vitest'
import { judgeLane } from './judge-lane.ts'

const folder = process.env['LEXIGRAM_ORACLE']

describe.skipIf(folder === undefined)('recorded MongoDB answers over DynamoDB', () => {
  judgeLane('DynamoDB', 'dynamodb', folder ?? '')
})
