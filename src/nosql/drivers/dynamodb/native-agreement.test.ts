import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveDynamo, type DynamoServer } from '../../../../tools/dynamodb-server/serve.ts'
import { isLexigramError } from '../../../core/errors.ts'
import type { Collection } from '../../collection/collection.ts'
import { createDocumentStore } from '../../store/document-store.ts'
import type { Document } from '../../query/value.ts'
import { memory } from '../memory/memory-driver.ts'
import { dynamodb } from './dynamodb-driver.ts'

let server: DynamoServer
beforeAll(async () => {
  server = await serveDynamo()
})
afterAll(() => server.close())

const scalar = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(0.1, 0.2, 1e300, -1.5, Number.MAX_SAFE_INTEGER, 2 ** 60),
  fc.constantFrom(1n, -2n, 2n ** 60n, 2n ** 63n - 1n),
  fc.constantFrom('', 'a', 'ä', true, false, null),
  fc.constantFrom(new Date(0), new Date(5), new Uint8Array([1])),
)
const value = fc.oneof(
  { weight: 4, arbitrary: scalar },
  fc.array(scalar, { maxLength: 3 }),
  fc.dictionary(fc.constantFrom('z', 'x', '$date', '1'), scalar, { maxKeys: 3, noNullPrototype: true }),
)
const document = fc.dictionary(fc.constantFrom('b', 'a', 'c', '1'), value, { maxKeys: 4, noNullPrototype: true })
const path = fc.constantFrom('a', 'b', 'c', 'd', 'a.x', 'b.z', 'c.0', '1', 'a.x.y')
const operation = fc.oneof(
  fc.tuple(fc.constantFrom('$set', '$min', '$max'), path, value),
  fc.tuple(fc.constant('$inc'), path, fc.constantFrom<number | bigint>(1, -2, 0, 0.5, 3n)),
  fc.tuple(fc.constant('$push'), path, fc.oneof(value, fc.record({ $each: fc.array(value, { maxLength: 2 }) }))),
  fc.tuple(fc.constant('$unset'), path, fc.constant('')),
)
const update = fc.array(operation, { minLength: 1, maxLength: 3 }).map((operations) => {
  const whole: Record<string, Record<string, unknown>> = {}
  for (const [operator, at, operand] of operations) whole[operator] = { ...whole[operator], [at]: operand }
  return whole
})

/** What a chain of updates answers, and what it leaves, with the order of keys and the types of numbers. */
async function outcomes(items: Collection, before: Document, updates: readonly object[]): Promise<readonly string[]> {
  await items.replaceOne({ _id: 1 }, before, { upsert: true })
  const answers: unknown[] = []
  for (const each of updates) {
    answers.push(
      await items
        .findOneAndUpdate({ _id: 1 }, each, { returnDocument: 'after', includeResultMetadata: true })
        .catch(codeOf),
      await items.updateOne({ _id: 1 }, each).catch(codeOf),
      await items.findOne({ _id: 1 }),
    )
  }
  return answers.map(shown)
}

const codeOf = (error: unknown): unknown => {
  if (!isLexigramError(error)) throw error
  return error.code
}

function shown(answer: unknown): string {
  return JSON.stringify(answer, (_key, inner: unknown) => (typeof inner === 'bigint' ? `${inner}n` : inner))
}

describe('updates by _id', () => {
  it('do on DynamoDB what they do in memory', async () => {
    const config = { endpointUrl: server.endpoint, table: 'app', createTables: true }
    const driver = dynamodb({
      credentials: () => Promise.resolve({ accessKeyId: 'a', secretAccessKey: 'b' }),
      catalogLifetime: 60_000,
    })
    const ours = createDocumentStore(driver, { config }).collection('items')
    const theirs = createDocumentStore(memory()).collection('items')
    await fc.assert(
      fc.asyncProperty(document, fc.array(update, { minLength: 1, maxLength: 3 }), async (before, updates) => {
        expect(await outcomes(ours, before, updates)).toEqual(await outcomes(theirs, before, updates))
      }),
      { numRuns: 300 },
    )
    expect(server.requests.get('UpdateItem')).toBeGreaterThan(200)
  }, 120_000)
})
