import { describe, expect, it } from 'vitest'
import { lostAnswer, refusal } from '../../../../../test/support/failing-mongo.ts'
import { outcomeOf } from '../../../../../test/support/outcome.ts'
import { nameOf, openRecorded } from '../../../../../test/support/recorded-mongo.ts'
import { everyRead, everyWrite, type OperationCall } from './every-operation.ts'

/**
 * @see https://github.com/mongodb/specifications/tree/master/source/sessions
 * @see https://github.com/mongodb/specifications/tree/master/source/client-side-operations-timeout
 */

const documents = [{ _id: 1, x: 11 }]
const every = [...everyRead, ...everyWrite]

describe('the session of an operation', async () => {
  const { items, store, sent, failNext } = await openRecorded({ documents })

  it.each(every)('is in the command of %s', async (_title, command, run) => {
    await run({ items, store })
    expect(sent().map(nameOf)).toEqual([command])
    expect(sent()).toMatchObject([{ lsid: { id: expect.anything() } }])
  })

  it.each(every)('is used again after %s', async (_title, _command, run) => {
    await run({ items, store })
    await items.findOne({})
    const [first, second] = sent()
    expect(second?.['lsid']).toEqual(first?.['lsid'])
  })

  it('is another one for each open transaction', async () => {
    const all = Promise.withResolvers<void>()
    let begun = 0
    const begin = () =>
      store.transaction(async (tx) => {
        await tx.collection('items').findOne({})
        begun += 1
        if (begun === 3) all.resolve()
        await all.promise
      })
    await Promise.all([begin(), begin(), begin()])
    const ids = new Set(sent().map(({ lsid }) => JSON.stringify(lsid)))
    expect(ids.size).toBe(3)
  })

  it('is the same for all commands of a cursor', async () => {
    await items.insertMany(Array.from({ length: 250 }, () => ({})))
    for await (const document of items.find({})) if (document._id === 1) break
    const [first, ...more] = sent().filter((command) => nameOf(command) !== 'insert')
    expect(more.map(nameOf)).toEqual(['killCursors'])
    expect(more[0]?.['lsid']).toEqual(first?.['lsid'])
  })

  it.each(everyWrite)('is given up when %s has lost its answer', async (_title, command, run) => {
    failNext(command, lostAnswer, lostAnswer)
    expect(await outcomeOf(run({ items, store }))).toBe('unknown')
    await items.findOne({})
    const [lost] = sent()
    expect(sent().at(-1)?.['lsid']).not.toEqual(lost?.['lsid'])
  })

  it('is kept when the server refuses a command', async () => {
    failNext('find', refusal(2))
    await outcomeOf(items.findOne({}))
    await items.findOne({})
    const [refused, next] = sent()
    expect(next?.['lsid']).toEqual(refused?.['lsid'])
  })
})

describe('an operation', async () => {
  const { items, store, sent } = await openRecorded({ documents })
  const call = (options: OperationCall['options'] = {}): OperationCall => ({ items, store, options })

  it.each(every)('%s: has its deadline also on the server', async (_title, _command, run) => {
    await run(call({ deadline: Date.now() + 60_000 }))
    const [{ maxTimeMS } = {}] = sent()
    expect(maxTimeMS).toBeGreaterThan(0)
    expect(maxTimeMS).toBeLessThanOrEqual(60_000)
  })

  it.each(every)('%s: is unbounded without a deadline', async (_title, _command, run) => {
    await run(call())
    expect(sent()[0]).not.toHaveProperty('maxTimeMS')
  })

  it.each(every)('%s: is not sent after its deadline', async (_title, _command, run) => {
    await expect(run(call({ deadline: Date.now() - 1 }))).rejects.toMatchObject({ code: 'LEX_ERR_INFRA_002' })
    expect(sent()).toEqual([])
  })

  it('sends its deadline with the first command of a cursor alone', async () => {
    await items.insertMany(Array.from({ length: 150 }, () => ({})))
    await items.find({}, { deadline: Date.now() + 60_000 }).toArray()
    const more = sent().filter((command) => nameOf(command) === 'getMore')
    expect(more).toHaveLength(1)
    expect(more[0]).not.toHaveProperty('maxTimeMS')
  })

  it.each(every)('%s: is not sent for a caller that has left', async (_title, _command, run) => {
    const reason = new Error('the caller has left')
    await expect(run(call({ signal: AbortSignal.abort(reason) }))).rejects.toBe(reason)
    expect(sent()).toEqual([])
  })
})
