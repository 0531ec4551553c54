import { describe, expect, it } from 'vitest'
import { lostAnswer, lostRequest, refusal } from '../../../../../test/support/failing-mongo.ts'
import { outcomeOf } from '../../../../../test/support/outcome.ts'
import { nameOf, openRecorded } from '../../../../../test/support/recorded-mongo.ts'
import type { Failure } from '../../../../../tools/mongodb-server/fail-point.ts'
import type { Collection } from '../../../collection/collection.ts'

/** @see https://github.com/mongodb/specifications/tree/master/source/retryable-writes */

type Run = (c: Collection) => Promise<unknown>
type Write = readonly [title: string, command: string, run: Run, stored: readonly object[]]

const [one, two, three] = [
  { _id: 1, x: 11 },
  { _id: 2, x: 22 },
  { _id: 3, x: 33 },
]
const insertThree = { insertOne: { document: three } }
const raise = { $inc: { x: 1 } }
const raised = { _id: 1, x: 12 }

/** Writes that a server carries out once, however often they come. */
const repeatable: readonly Write[] = [
  ['insertOne', 'insert', (c) => c.insertOne(three), [one, two, three]],
  ['insertMany', 'insert', (c) => c.insertMany([three, { _id: 4 }]), [one, two, three, { _id: 4 }]],
  [
    'insertMany, unordered',
    'insert',
    (c) => c.insertMany([three, { _id: 4 }], { ordered: false }),
    [one, two, three, { _id: 4 }],
  ],
  ['updateOne', 'update', (c) => c.updateOne({ _id: 1 }, raise), [raised, two]],
  [
    'an upsert',
    'update',
    (c) => c.updateOne({ _id: 3, x: 33 }, raise, { upsert: true }),
    [one, two, { _id: 3, x: 34 }],
  ],
  ['replaceOne', 'update', (c) => c.replaceOne({ _id: 1 }, { x: 111 }), [{ _id: 1, x: 111 }, two]],
  ['deleteOne', 'delete', (c) => c.deleteOne({ _id: 1 }), [two]],
  ['findOneAndUpdate', 'findAndModify', (c) => c.findOneAndUpdate({ _id: 1 }, raise), [raised, two]],
  ['findOneAndReplace', 'findAndModify', (c) => c.findOneAndReplace({ _id: 1 }, { x: 111 }), [{ _id: 1, x: 111 }, two]],
  ['findOneAndDelete', 'findAndModify', (c) => c.findOneAndDelete({ _id: 1 }), [two]],
  ['a bulk write of one kind', 'insert', (c) => c.bulkWrite([insertThree]), [one, two, three]],
  [
    'a bulk write of several kinds',
    'bulkWrite',
    (c) => c.bulkWrite([insertThree, { updateOne: { filter: { _id: 1 }, update: raise } }]),
    [raised, two, three],
  ],
  [
    'a bulk write of several kinds, unordered',
    'bulkWrite',
    (c) => c.bulkWrite([insertThree, { deleteOne: { filter: { _id: 1 } } }], { ordered: false }),
    [two, three],
  ],
]

/** Writes that may be carried out in part, so that a server would carry them out again. */
const single: readonly Write[] = [
  ['updateMany', 'update', (c) => c.updateMany({}, raise), []],
  ['deleteMany', 'delete', (c) => c.deleteMany({}), []],
  [
    'a bulk write with an updateMany',
    'bulkWrite',
    (c) => c.bulkWrite([insertThree, { updateMany: { filter: {}, update: raise } }]),
    [],
  ],
  [
    'a bulk write with a deleteMany',
    'delete',
    (c) => c.bulkWrite([{ deleteOne: { filter: { _id: 1 } } }, { deleteMany: { filter: {} } }]),
    [],
  ],
  ['an aggregation with $out', 'aggregate', (c) => c.aggregate([{ $out: 'copies' }]).toArray(), []],
  ['an aggregation with $merge', 'aggregate', (c) => c.aggregate([{ $merge: { into: 'copies' } }]).toArray(), []],
]

const retryable = ['RetryableWriteError']
const unacknowledged = (code: number, errorLabels: readonly string[] = []): Failure => ({
  writeConcernError: { code, errmsg: 'text' },
  errorLabels,
})

describe('a write that can be repeated', async () => {
  const { items, sent, failNext } = await openRecorded({ documents: [one, two] })
  const attemptsOf = (command: string) => sent().filter((each) => nameOf(each) === command)

  it.each(repeatable)('%s: has a number of its session', async (_title, command, run) => {
    await run(items)
    expect(attemptsOf(command)).toMatchObject([{ txnNumber: expect.anything(), lsid: { id: expect.anything() } }])
  })

  describe.each<readonly [string, Failure]>([
    ['is lost', lostRequest],
    ['has lost its answer', lostAnswer],
    ['is refused with the label', refusal(91, retryable)],
  ])('when it %s once', (_failure, failure) => {
    it.each(repeatable)('%s: is done once by two commands of one number', async (_title, command, run, stored) => {
      failNext(command, failure)
      await run(items)
      const [first, second, ...more] = attemptsOf(command)
      expect(more).toEqual([])
      expect(second).toMatchObject({ txnNumber: first?.['txnNumber'], lsid: first?.['lsid'] })
      expect(await items.find({}, { sort: { _id: 1 } }).toArray()).toEqual(stored)
    })
  })

  it.each(repeatable)('%s: has an unknown outcome when it loses its answer twice', async (_title, command, run) => {
    failNext(command, lostAnswer, lostAnswer)
    expect(await outcomeOf(run(items))).toBe('unknown')
    expect(attemptsOf(command)).toHaveLength(2)
  })

  it.each(repeatable)('%s: is not sent again after an error without the label', async (_title, command, run) => {
    failNext(command, refusal(11601))
    expect(await outcomeOf(run(items))).toBe('unknown')
    expect(attemptsOf(command)).toHaveLength(1)
  })

  it.each([6, 7, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436])(
    'is sent again after %i with the label',
    async (code) => {
      failNext('insert', refusal(code, retryable))
      await items.insertOne(three)
      expect(attemptsOf('insert')).toHaveLength(2)
    },
  )

  it.each([91, 11600, 10107])('is sent again after the write concern error %i with the label', async (code) => {
    failNext('insert', unacknowledged(code, retryable))
    await items.insertOne(three)
    expect(attemptsOf('insert')).toHaveLength(2)
    expect(await items.countDocuments({})).toBe(3)
  })

  it.each([64, 79, 100])('is not sent again after the write concern error %i', async (code) => {
    failNext('insert', unacknowledged(code))
    expect(await outcomeOf(items.insertOne(three))).toBe('unknown')
    expect(attemptsOf('insert')).toHaveLength(1)
  })

  it('has the first error when the second attempt wrote nothing', async () => {
    failNext('insert', unacknowledged(91, retryable), refusal(10107, [...retryable, 'NoWritesPerformed']))
    expect(await outcomeOf(items.insertOne(three))).toBe('unknown')
    expect(await items.countDocuments({})).toBe(3)
  })

  it('is not done when both attempts wrote nothing', async () => {
    const nothing = refusal(10107, [...retryable, 'NoWritesPerformed'])
    failNext('insert', nothing, nothing)
    expect(await outcomeOf(items.insertOne(three))).toBe('not done')
  })

  it('is refused by its second attempt as by its first', async () => {
    failNext('insert', refusal(91, [...retryable, 'NoWritesPerformed']))
    await expect(items.insertOne(one)).rejects.toMatchObject({ code: 'LEX_ERR_DB_005' })
  })

  it('keeps the refusals of its statements over a repetition', async () => {
    failNext('insert', lostAnswer)
    await expect(items.insertMany([three, two, { _id: 4 }])).rejects.toMatchObject({
      result: { insertedCount: 1 },
      errors: [{ index: 1, error: { code: 'LEX_ERR_DB_005' } }],
    })
  })

  it('has a greater number than the one before in the same session', async () => {
    await items.insertOne(three)
    await items.deleteOne({ _id: 3 })
    const [first, second] = sent()
    expect(second?.['lsid']).toEqual(first?.['lsid'])
    expect(Number(second?.['txnNumber'])).toBeGreaterThan(Number(first?.['txnNumber']))
  })
})

describe('a write that cannot be repeated', async () => {
  const { items, sent, failNext } = await openRecorded({ documents: [one, two] })

  it.each(single)('%s: has no number', async (_title, command, run) => {
    await run(items)
    expect(sent().filter((each) => nameOf(each) === command && 'txnNumber' in each)).toEqual([])
  })

  it.each(single)('%s: is sent once when its answer is lost', async (_title, command, run) => {
    failNext(command, lostAnswer)
    expect(await outcomeOf(run(items))).toBe('unknown')
    expect(sent().filter((each) => nameOf(each) === command)).toHaveLength(1)
  })

  it.each(single)('%s: is sent once when the server steps down', async (_title, command, run) => {
    failNext(command, refusal(91, retryable))
    expect(await outcomeOf(run(items))).toBe('unknown')
    expect(sent().filter((each) => nameOf(each) === command)).toHaveLength(1)
  })
})

describe('a write without retryWrites', async () => {
  const { items, sent, failNext } = await openRecorded({ documents: [one, two], uriOptions: 'retryWrites=false' })

  it.each(repeatable)('%s: is sent once, without a number', async (_title, command, run) => {
    failNext(command, lostAnswer)
    expect(await outcomeOf(run(items))).toBe('unknown')
    const attempts = sent().filter((each) => nameOf(each) === command)
    expect(attempts).toHaveLength(1)
    expect(attempts[0]).not.toHaveProperty('txnNumber')
  })
})
