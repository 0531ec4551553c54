import { describe, expect, it } from 'vitest'
import { lostAnswer, lostRequest, refusal } from '../../../../../test/support/failing-mongo.ts'
import { outcomeOf } from '../../../../../test/support/outcome.ts'
import { nameOf, openRecorded } from '../../../../../test/support/recorded-mongo.ts'
import type { Failure } from '../../../../../tools/mongodb-server/fail-point.ts'
import type { Collection } from '../../../collection/collection.ts'
import type { DocumentStore } from '../../../store/document-store.ts'

/** @see https://github.com/mongodb/specifications/tree/master/source/retryable-reads */

const documents = [
  { _id: 1, x: 11 },
  { _id: 2, x: 22 },
]

interface Place {
  readonly items: Collection
  readonly store: DocumentStore
}
type Read = readonly [title: string, command: string, run: (place: Place) => Promise<unknown>, answer: unknown]

const sorted = { sort: { _id: 1 } } as const

const reads: readonly Read[] = [
  ['find', 'find', ({ items }) => items.find({}, sorted).toArray(), documents],
  ['findOne', 'find', ({ items }) => items.findOne({ x: 22 }), documents[1]],
  ['a page', 'find', async ({ items }) => (await items.findPage({}, { ...sorted, limit: 1 })).items, [documents[0]]],
  ['aggregate', 'aggregate', ({ items }) => items.aggregate([{ $match: { x: 22 } }]).toArray(), [documents[1]]],
  ['countDocuments', 'aggregate', ({ items }) => items.countDocuments({}), 2],
  ['estimatedDocumentCount', 'count', ({ items }) => items.estimatedDocumentCount(), 2],
  ['distinct', 'distinct', ({ items }) => items.distinct('x'), [11, 22]],
  ['listIndexes', 'listIndexes', async ({ items }) => (await items.listIndexes()).map(({ name }) => name), ['_id_']],
  ['listCollections', 'listCollections', ({ store }) => store.listCollections(), ['items']],
]

const once: readonly (readonly [string, Failure])[] = [
  ['is lost', lostRequest],
  ['has lost its answer', lostAnswer],
  ['meets a server that shuts down', refusal(91)],
]

describe('a read', async () => {
  const { items, store, sent, failNext } = await openRecorded({ documents })
  const attemptsOf = (command: string): number => sent().filter((each) => nameOf(each) === command).length

  describe.each(once)('that %s once', (_failure, failure) => {
    it.each(reads)('%s: is answered by a second command', async (_title, command, run, answer) => {
      failNext(command, failure)
      expect(await run({ items, store })).toEqual(answer)
      expect(attemptsOf(command)).toBe(2)
    })
  })

  it.each(reads)('%s: is sent no third time', async (_title, command, run) => {
    failNext(command, lostRequest, lostRequest)
    expect(await outcomeOf(run({ items, store }))).toBe('not done')
    expect(attemptsOf(command)).toBe(2)
  })

  it.each(reads)('%s: is sent once when it is refused', async (_title, command, run) => {
    failNext(command, refusal(2))
    expect(await outcomeOf(run({ items, store }))).toBe('refused')
    expect(attemptsOf(command)).toBe(1)
  })

  it.each([6, 7, 89, 91, 134, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436])(
    'is sent again after %i, whatever its labels',
    async (code) => {
      failNext('find', refusal(code))
      expect(await items.findOne({ _id: 1 })).toEqual(documents[0])
      expect(attemptsOf('find')).toBe(2)
    },
  )

  it.each([43, 50, 112, 11601])('is sent once when it ends with %i', async (code) => {
    failNext('find', refusal(code))
    expect(await outcomeOf(items.findOne({ _id: 1 }))).not.toBe('done')
    expect(attemptsOf('find')).toBe(1)
  })

  it.each(once)('a read of more documents that %s is not sent again', async (_failure, failure) => {
    await items.insertMany(Array.from({ length: 150 }, () => ({})))
    failNext('getMore', failure)
    expect(await outcomeOf(items.find({}).toArray())).toBe('not done')
    expect(attemptsOf('getMore')).toBe(1)
    expect(attemptsOf('find')).toBe(1)
  })

  it('a read of changes that is lost once is opened by a second command', async () => {
    failNext('aggregate', lostRequest)
    const changes = await items.watch()
    expect(attemptsOf('aggregate')).toBe(2)
    await changes.close()
  })
})

describe('a read without retryReads', async () => {
  const { items, store, sent, failNext } = await openRecorded({ documents, uriOptions: 'retryReads=false' })

  it.each(reads)('%s: is sent once', async (_title, command, run) => {
    failNext(command, lostRequest)
    expect(await outcomeOf(run({ items, store }))).toBe('not done')
    expect(sent().filter((each) => nameOf(each) === command)).toHaveLength(1)
  })
})
