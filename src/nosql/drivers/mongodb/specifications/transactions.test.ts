import { describe, expect, it } from 'vitest'
import { lostAnswer, lostRequest, refusal } from '../../../../../test/support/failing-mongo.ts'
import { outcomeOf } from '../../../../../test/support/outcome.ts'
import { nameOf, openRecorded } from '../../../../../test/support/recorded-mongo.ts'
import type { Failure } from '../../../../../tools/mongodb-server/fail-point.ts'
import type { Command } from '../../../../../tools/mongodb-server/wire.ts'
import type { Collection } from '../../../collection/collection.ts'

/** @see https://github.com/mongodb/specifications/tree/master/source/transactions */

const documents = [
  { _id: 1, x: 11 },
  { _id: 2, x: 22 },
]
const raise = { $inc: { x: 1 } }

type Work = readonly [title: string, command: string, run: (c: Collection) => Promise<unknown>]

const operations: readonly Work[] = [
  ['find', 'find', (c) => c.find({}).toArray()],
  ['findOne', 'find', (c) => c.findOne({ _id: 1 })],
  ['aggregate', 'aggregate', (c) => c.aggregate([{ $match: { x: 11 } }]).toArray()],
  ['countDocuments', 'aggregate', (c) => c.countDocuments({})],
  ['estimatedDocumentCount', 'aggregate', (c) => c.estimatedDocumentCount()],
  ['distinct', 'distinct', (c) => c.distinct('x')],
  ['insertOne', 'insert', (c) => c.insertOne({ _id: 3 })],
  ['insertMany', 'insert', (c) => c.insertMany([{ _id: 3 }, { _id: 4 }])],
  ['updateOne', 'update', (c) => c.updateOne({ _id: 1 }, raise)],
  ['updateMany', 'update', (c) => c.updateMany({}, raise)],
  ['replaceOne', 'update', (c) => c.replaceOne({ _id: 1 }, { x: 1 })],
  ['deleteOne', 'delete', (c) => c.deleteOne({ _id: 1 })],
  ['deleteMany', 'delete', (c) => c.deleteMany({})],
  ['findOneAndUpdate', 'findAndModify', (c) => c.findOneAndUpdate({ _id: 1 }, raise)],
  ['findOneAndReplace', 'findAndModify', (c) => c.findOneAndReplace({ _id: 1 }, { x: 1 })],
  ['findOneAndDelete', 'findAndModify', (c) => c.findOneAndDelete({ _id: 1 })],
  [
    'bulkWrite',
    'bulkWrite',
    (c) => c.bulkWrite([{ insertOne: { document: { _id: 3 } } }, { deleteOne: { filter: { _id: 1 } } }]),
  ],
]

const thrown = new Error('the callback gives up')
const transient = ['TransientTransactionError']
const unclear = ['UnknownTransactionCommitResult']
const retryable = ['RetryableWriteError']
const unacknowledged = (code: number, errorLabels: readonly string[] = []): Failure => ({
  writeConcernError: { code, errmsg: 'text' },
  errorLabels,
})

const concerns = 'w=1&readConcernLevel=local&readPreference=secondaryPreferred'

describe('a transaction', async () => {
  const { store, items, sent, failNext } = await openRecorded({ documents, uriOptions: concerns })
  const within = (run: (c: Collection) => Promise<unknown>) => store.transaction((tx) => run(tx.collection('items')))
  const ofName = (name: string): readonly Command[] => sent().filter((each) => nameOf(each) === name)
  const insertion = () => within((c) => c.insertOne({ _id: 3 }))

  it.each(operations)('%s: begins it with the concerns of the transaction', async (_title, command, run) => {
    await within(run)
    const [first, last, ...more] = sent()
    const [name] = [nameOf(first ?? {})]
    expect([name, nameOf(last ?? {}), more]).toEqual([command, 'commitTransaction', []])
    expect(first).toMatchObject({
      startTransaction: true,
      autocommit: false,
      readConcern: { level: 'snapshot' },
      txnNumber: expect.anything(),
    })
    expect(first).not.toHaveProperty('writeConcern')
    expect(last).toMatchObject({
      $db: 'admin',
      autocommit: false,
      txnNumber: first?.['txnNumber'],
      lsid: first?.['lsid'],
      writeConcern: { w: 'majority' },
    })
    expect(last).not.toHaveProperty('startTransaction')
  })

  it.each(operations)('%s: goes on with it by the same number', async (_title, command, run) => {
    await within(async (c) => {
      await c.findOne({ _id: 2 })
      await run(c)
    })
    const [first, second] = sent()
    expect(nameOf(second ?? {})).toBe(command)
    expect(second).toMatchObject({ autocommit: false, txnNumber: first?.['txnNumber'], lsid: first?.['lsid'] })
    for (const name of ['startTransaction', 'readConcern', 'writeConcern']) expect(second).not.toHaveProperty(name)
  })

  it.each(operations)('%s: is sent once when it is lost, before all of it runs again', async (_title, command, run) => {
    failNext(command, lostRequest)
    let attempts = 0
    await within((c) => {
      attempts += 1
      return run(c)
    })
    const [first, second] = ofName(command)
    expect([attempts, ofName(command).length]).toEqual([2, 2])
    expect([first?.['startTransaction'], second?.['startTransaction']]).toEqual([true, true])
    expect([second?.['lsid'], second?.['txnNumber']]).not.toEqual([first?.['lsid'], first?.['txnNumber']])
  })

  it.each(operations)('%s: ends it when it is refused', async (_title, command, run) => {
    failNext(command, refusal(2))
    expect(await outcomeOf(within(run))).toBe('refused')
    expect(sent().map(nameOf)).toEqual([command, 'abortTransaction'])
  })

  it.each(operations)('%s: is not repeated by itself after an error with the label', async (_title, command, run) => {
    failNext(command, refusal(11601, retryable))
    expect(await outcomeOf(within(run))).not.toBe('done')
    expect(sent().map(nameOf)).toEqual([command, 'abortTransaction'])
  })

  it('a transaction of nothing sends nothing when it is kept', async () => {
    await store.transaction(() => Promise.resolve())
    expect(sent()).toEqual([])
  })

  it('a transaction of nothing sends nothing when it is undone', async () => {
    await expect(store.transaction(() => Promise.reject(thrown))).rejects.toBe(thrown)
    expect(sent()).toEqual([])
  })

  it('reads from the primary, whatever the client prefers', async () => {
    await within((c) => c.findOne({ _id: 1 }))
    expect(sent()[0]).not.toMatchObject({ $readPreference: { mode: 'secondaryPreferred' } })
  })

  it('reads what it wrote', async () => {
    const seen = await within(async (c) => {
      await c.insertMany([{ _id: 3 }, { _id: 4 }])
      return [await c.countDocuments({}), await items.countDocuments({})]
    })
    expect(seen).toEqual([4, 2])
  })

  it('has all batches of a cursor in one session', async () => {
    await items.insertMany(Array.from({ length: 150 }, () => ({})))
    await within((c) => c.find({}).toArray())
    const [more] = ofName('getMore')
    const [first] = ofName('find')
    expect(more).toMatchObject({ autocommit: false, txnNumber: first?.['txnNumber'], lsid: first?.['lsid'] })
  })

  const undone = (run: (c: Collection) => Promise<unknown> = (c) => c.insertOne({ _id: 3 })) =>
    within(async (c) => {
      await run(c)
      throw thrown
    })

  it.each(operations)('%s: is undone when its caller throws', async (_title, _command, run) => {
    await expect(undone(run)).rejects.toBe(thrown)
    const [first, last] = sent()
    expect(nameOf(last ?? {})).toBe('abortTransaction')
    expect(last).toMatchObject({ $db: 'admin', autocommit: false, txnNumber: first?.['txnNumber'] })
    expect(await items.find({}, { sort: { _id: 1 } }).toArray()).toEqual(documents)
  })

  it.each<readonly [string, Failure]>([
    ['is lost', lostRequest],
    ['has lost its answer', lostAnswer],
    ['is refused with a label', refusal(91, retryable)],
    ['is refused with 11600', refusal(11600, retryable)],
    ['is not acknowledged', unacknowledged(91, retryable)],
  ])('a transaction whose abort %s is aborted by a second command', async (_failure, failure) => {
    failNext('abortTransaction', failure)
    await expect(undone()).rejects.toBe(thrown)
    expect(ofName('abortTransaction')).toHaveLength(2)
    expect(await items.countDocuments({})).toBe(2)
  })

  it.each([2, 251, 11601])('a transaction whose abort is refused with %i fails as its callback did', async (code) => {
    failNext('abortTransaction', refusal(code))
    await expect(undone()).rejects.toBe(thrown)
    expect(ofName('abortTransaction')).toHaveLength(1)
  })

  const repeated: readonly (readonly [string, Failure])[] = [
    ['is lost', lostRequest],
    ['has lost its answer', lostAnswer],
    ...[6, 7, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436].map(
      (code) => [`is refused with ${code}`, refusal(code, retryable)] as const,
    ),
    ['is not acknowledged with 91', unacknowledged(91, retryable)],
    ['is not acknowledged with 11600', unacknowledged(11600, retryable)],
    ['is not known with 64', unacknowledged(64, unclear)],
  ]
  it.each(repeated)(
    'a transaction whose commit %s once is committed by a second command',
    async (_failure, failure) => {
      failNext('commitTransaction', failure)
      await insertion()
      const [first, second, ...more] = ofName('commitTransaction')
      expect(more).toEqual([])
      expect(first).toMatchObject({ writeConcern: { w: 'majority' } })
      // The second asks whether the first was kept, and waits for it no longer than this.
      expect(second).toMatchObject({
        writeConcern: { w: 'majority', wtimeout: 10_000 },
        txnNumber: first?.['txnNumber'],
      })
      expect(await items.countDocuments({})).toBe(3)
    },
  )

  it.each([79, 100])('a transaction whose commit has the write concern error %i is kept, or not', async (code) => {
    failNext('commitTransaction', unacknowledged(code))
    expect(await outcomeOf(insertion())).toBe('unknown')
    expect(ofName('commitTransaction')).toHaveLength(1)
  })

  it.each([2, 20, 13])('a transaction whose commit is refused with %i is not kept', async (code) => {
    failNext('commitTransaction', refusal(code))
    expect(await outcomeOf(insertion())).toMatch(/refused|not done/)
    expect(ofName('commitTransaction')).toHaveLength(1)
  })

  it.each([24, 112, 246, 251])(
    'a transaction whose commit ends with the transient error %i runs again',
    async (code) => {
      failNext('commitTransaction', refusal(code, transient))
      await insertion()
      expect(sent().map(nameOf)).toEqual(['insert', 'commitTransaction', 'insert', 'commitTransaction'])
    },
  )

  it('a transaction whose second commit finds no transaction runs again, as nothing was kept', async () => {
    failNext('commitTransaction', lostRequest, refusal(251, transient))
    await insertion()
    expect(ofName('insert')).toHaveLength(2)
    expect(await items.countDocuments({})).toBe(3)
  })

  /** What a server says of a transaction that it has ended, such as one older than a minute. */
  const isGone = refusal(251, transient)

  it.each(['find', 'update', 'commitTransaction'])(
    'a transaction that has become too old by its %s runs again',
    async (command) => {
      failNext(command, isGone)
      await within(async (c) => {
        await c.findOne({ _id: 1 })
        await c.updateOne({ _id: 1 }, raise)
      })
      expect(ofName('find')).toHaveLength(2)
      expect(await items.findOne({ _id: 1 })).toMatchObject({ x: 12 })
    },
  )

  it.each(['update', 'commitTransaction'])(
    'a transaction that is too old each time by its %s ends unkept',
    async (command) => {
      failNext(command, isGone, isGone, isGone)
      const work = store.transaction((tx) => tx.collection('items').updateOne({ _id: 1 }, raise), { attempts: 3 })
      await expect(work).rejects.toMatchObject({ name: 'DocumentTransactionError', cause: { code: 251 } })
      expect(ofName('update')).toHaveLength(3)
      expect(await items.findOne({ _id: 1 })).toMatchObject({ x: 11 })
    },
  )
})
