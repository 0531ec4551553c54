import { describe, expect, it } from 'vitest'
import { expectMetric } from '../../../testing/tracing/expect-metric.ts'
import { expectTrace } from '../../../testing/tracing/expect-trace.ts'
import { createTestTracer } from '../../../testing/tracing/test-tracer.ts'
import { aggregation } from '../../aggregation/index.ts'
import { memory } from '../../drivers/memory/index.ts'
import { DocumentRepository } from '../../repository/repository.ts'
import { createDocumentStore } from '../../store/document-store.ts'
import { Collection } from '../collection.ts'

function setup() {
  const tracer = createTestTracer()
  const root = tracer.start({ name: 'root' })
  const untraced = createDocumentStore(memory({ aggregation: aggregation() }))
  return { tracer, root, untraced, store: untraced.traced(root) }
}

describe('operations on a traced store', () => {
  it('are spans with their plan but without a value', async () => {
    const { tracer, root, store } = setup()
    const users = store.collection('users')
    expect(users).toBeInstanceOf(Collection)
    expect(users.name).toBe('users')
    await users.createIndex({ team: 1 })
    await users.insertMany([{ team: 'hunter2' }, { team: 'b' }])
    await users.find({ team: 'hunter2', age: { $gt: 4711 } }).toArray()
    await users.countDocuments({ team: 'hunter2' })
    await users.aggregate([{ $match: { team: 'hunter2' } }, { $group: { _id: '$team' } }]).toArray()
    root.end()
    expect(tracer.print('lexigram.plan.access', 'lexigram.plan.index', 'db.operation.batch.size')).toBe(
      [
        'root',
        '  createIndex users',
        '  insertMany users  db.operation.batch.size=2',
        '  find users  lexigram.plan.access=index  lexigram.plan.index=team_1',
        '  countDocuments users  lexigram.plan.access=index  lexigram.plan.index=team_1',
        '  aggregate users  lexigram.plan.access=index  lexigram.plan.index=team_1',
      ].join('\n'),
    )
    expect(JSON.stringify(tracer.roots)).not.toMatch(/hunter2|4711/)
  })

  it('end where a cursor is left early', async () => {
    const { tracer, root, store } = setup()
    const users = store.collection('users')
    await users.insertMany([{ _id: 'a' }, { _id: 'b' }])
    for await (const _user of users.find()) break
    root.end()
    expectTrace(tracer, { name: 'root', children: [{ name: 'find users', failure: null }] })
  })

  it('fail by the code of the error', async () => {
    const { tracer, root, store } = setup()
    const users = store.collection('users')
    await users.insertOne({ _id: 'a' })
    await expect(users.find({ $nope: 1 }).toArray()).rejects.toThrow()
    await expect(users.insertOne({ _id: 'a' })).rejects.toThrow()
    root.end()
    const { children } = expectTrace(tracer, { name: 'root' })
    expect(children.at(-1)).toMatchObject({ name: 'insertOne users', failure: expect.stringMatching(/^LEX_ERR_/) })
  })

  it('operations in a transaction are parts of it, with its attempts', async () => {
    const { tracer, root, store, untraced } = setup()
    await untraced.collection('stock').insertOne({ _id: 'a', left: 1 })
    let attempts = 0
    await store.transaction(async (tx) => {
      await tx.collection('stock').findOne({ _id: 'a' })
      if (++attempts === 1) await untraced.collection('stock').updateOne({ _id: 'a' }, { $inc: { left: 1 } })
      await tx.collection('stock').updateOne({ _id: 'a' }, { $inc: { left: -1 } })
    })
    root.end()
    expect(attempts).toBe(2)
    expectTrace(tracer, {
      name: 'root',
      children: [
        {
          name: 'transaction',
          failure: null,
          attributes: { 'lexigram.attempts': 2 },
          children: [{ name: 'find stock' }, { name: 'updateOne stock' }, { name: 'find stock' }],
        },
      ],
    })
  })

  it('operations that meet another write count each retry once, on their own span', async () => {
    const { tracer, root } = setup()
    let meetings = 2
    const inner = memory()
    const driver: typeof inner = {
      ...inner,
      open(settings) {
        const backend = inner.open(settings)
        const collection: typeof backend.collection = async (...asked) => {
          // What is exclusive never meets another write.
          const { exclusive: _exclusive, ...opened } = await backend.collection(...asked)
          return {
            ...opened,
            write: async (...given) => (meetings-- > 0 ? [{ kind: 'conflict' }] : opened.write(...given)),
          }
        }
        return { ...backend, collection }
      },
    }
    const store = createDocumentStore(driver).traced(root)
    await store.collection('users').updateOne({ _id: 'a' }, { $inc: { visits: 1 } }, { upsert: true })
    root.end()
    expectTrace(tracer, {
      name: 'root',
      children: [{ name: 'updateOne users', attributes: { 'lexigram.attempts': 3 } }],
    })
    expect(tracer.roots[0]?.attributes).not.toHaveProperty('lexigram.attempts')
    expectMetric(tracer, { name: 'lexigram.retries', count: 2, sum: 2 })
  })

  it('operations of a repository are traced, as confined as ever', async () => {
    const { tracer, root, store } = setup()
    class Users extends DocumentRepository<{ id: string }> {
      protected readonly collectionName = 'users'
      protected documentToEntity = ({ _id }: { _id: unknown }) => ({ id: String(_id) })
      protected entityToDocument = ({ id }: { id: string }) => ({ _id: id })
    }
    const repository = (team: string) => new Users(store, { tenant: { id: team } })
    await repository('a').save({ id: '1' })
    expect(await repository('b').find('1')).toBeNull()
    expect(await repository('a').find('1')).toEqual({ id: '1' })
    root.end()
    expectTrace(tracer, { name: 'root', children: [{ name: 'findOneAndUpdate users' }, { name: 'find users' }] })
  })

  it('need a span', () => {
    expect(() => setup().untraced.traced('span' as never)).toThrow(
      expect.objectContaining({
        code: 'LEX_ERR_USE_001',
        message: expect.stringMatching(/^the span of a store must be/),
      }),
    )
  })
})
