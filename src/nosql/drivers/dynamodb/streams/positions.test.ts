import { describe, expect, it, vi } from 'vitest'
import { callTables, openWatched, shown, take } from '../../../../../test/support/watched-dynamo.ts'

vi.setConfig({ testTimeout: 20_000 })

describe('a stream goes on behind its token', () => {
  it('through shards that were split meanwhile', async () => {
    const { server, table, items } = await openWatched()
    const first = await items.watch()
    await items.insertMany(Array.from({ length: 10 }, (_, _id) => ({ _id })))
    const begun = await take(first, 4)
    const token = first.resumeToken
    await first.close()
    server.streams.split(table)
    await items.insertMany(Array.from({ length: 10 }, (_, at) => ({ _id: at + 10 })))
    server.streams.split(table)
    await using second = await items.watch({ resumeAfter: token! })
    const rest = await take(second, 16)
    expect(new Set([...begun, ...rest]).size).toBe(20)
  })

  it('a stream goes on after each of its events, without a change lost or repeated', async () => {
    const { server, table, items } = await openWatched()
    const first = await items.watch()
    await items.insertMany([{ _id: 0 }, { _id: 1 }])
    server.streams.split(table)
    await items.insertMany([{ _id: 2 }, { _id: 3 }, { _id: 4 }])
    const events = []
    for (let at = 0; at < 5; at++) events.push((await first.next())!)
    await first.close()
    for (const [at, event] of events.entries()) {
      await using stream = await items.watch({ resumeAfter: event._id })
      const before = new Set(events.slice(0, at + 1).map(shown))
      const rest = await take(stream, 4 - at)
      expect(rest.filter((each) => before.has(each))).toEqual([])
      expect(new Set([...before, ...rest]).size).toBe(5)
    }
  })

  it('a stream goes on after a token that was made before the first change', async () => {
    const { items } = await openWatched()
    const first = await items.watch()
    const token = first.resumeToken!
    await first.close()
    await items.insertOne({ _id: 1 })
    await using second = await items.watch({ resumeAfter: token })
    expect(await take(second, 1)).toEqual(['insert 1'])
  })

  it('a stream goes on after what other collections have written meanwhile', async () => {
    const { store, items } = await openWatched()
    await using stream = await items.watch()
    const token = stream.resumeToken
    const next = stream.next()
    await store.collection('others').insertOne({ _id: 1 })
    await vi.waitFor(() => expect(stream.resumeToken).not.toEqual(token))
    await items.insertOne({ _id: 1 })
    expect(shown((await next)!)).toBe('insert 1')
  })

  it('a stream does not go on in another collection', async () => {
    const { store, items } = await openWatched()
    await using stream = await items.watch()
    await expect(store.collection('others').watch({ resumeAfter: stream.resumeToken! })).rejects.toMatchObject({
      code: 'LEX_ERR_NOSQL_007',
      reason: 'InvalidResumeToken',
    })
  })

  it.each(['', 'x', 'e30', 'WzEsImFwcCIsIiIsIml0ZW1zIix7fV0', '{}.a.b', '__proto__'])(
    'a stream does not go on after %j',
    async (_data) => {
      const { items } = await openWatched()
      await expect(items.watch({ resumeAfter: { _data } })).rejects.toMatchObject({ reason: 'InvalidResumeToken' })
    },
  )
})

describe('changes that DynamoDB has no more', () => {
  it('end the stream in an error', async () => {
    const { server, table, items } = await openWatched()
    await using stream = await items.watch()
    await items.insertOne({ _id: 1 })
    expect(await take(stream, 1)).toEqual(['insert 1'])
    await items.insertOne({ _id: 2 })
    server.streams.trim(table)
    await expect(stream.next()).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_007', reason: 'ChangeStreamHistoryLost' })
    expect(stream.closed).toBe(true)
  })

  it.each(['records', 'shards', 'stream'])('refuse a token whose %s are gone', async (what) => {
    const { server, table, store, items } = await openWatched()
    const stream = await items.watch()
    await items.insertOne({ _id: 1 })
    await take(stream, 1)
    const token = stream.resumeToken!
    await stream.close()
    if (what === 'shards') server.streams.split(table)
    if (what === 'stream') {
      await store.dropCollection('items')
      const update = (isEnabled: boolean) => ({
        TableName: table,
        StreamSpecification: { StreamEnabled: isEnabled, ...(isEnabled && { StreamViewType: 'NEW_AND_OLD_IMAGES' }) },
      })
      for (const isEnabled of [false, true]) await callTables(server, 'UpdateTable', update(isEnabled))
    }
    server.streams.trim(table)
    await expect(items.watch({ resumeAfter: token })).rejects.toMatchObject({ reason: 'ChangeStreamHistoryLost' })
  })

  it('are not skipped by a reader that was begun a day ago', async () => {
    const { items } = await openWatched()
    const stream = await items.watch()
    const token = stream.resumeToken!
    await stream.close()
    const now = Date.now()
    vi.spyOn(Date, 'now').mockImplementation(() => now + 24 * 3_600_000)
    await expect(items.watch({ resumeAfter: token })).rejects.toMatchObject({ reason: 'ChangeStreamHistoryLost' })
  })

  it('are not skipped by a reader that is almost a day behind', async () => {
    const { server, table, items } = await openWatched()
    await using stream = await items.watch()
    const now = Date.now()
    const earlier = vi.spyOn(Date, 'now').mockImplementation(() => now - 23.5 * 3_600_000)
    await items.insertOne({ _id: 1 })
    server.streams.split(table)
    earlier.mockRestore()
    // What follows may have lost its first records without a sign of it.
    const all = async () => take(stream, 2)
    await expect(all()).rejects.toMatchObject({ reason: 'ChangeStreamHistoryLost' })
  })
})
