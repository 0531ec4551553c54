import { afterAll, describe, expect, it } from 'vitest'
import { serveMongo } from '../../../../tools/mongodb-server/serve.ts'
import { toSecret } from '../../../core/setting/secret.ts'
import { expectMetric } from '../../../testing/tracing/expect-metric.ts'
import { createTestTracer } from '../../../testing/tracing/test-tracer.ts'
import { createDocumentStore } from '../../store/document-store.ts'
import { mongodb } from './mongodb-driver.ts'

describe('the commands of traced operations on MongoDB', async () => {
  const server = await serveMongo()
  const config = { uri: toSecret(server.uri) }
  const untraced = createDocumentStore(mongodb(), { database: 'traced', config, isTraced: true })
  const items = untraced.collection('items')
  await items.insertMany(Array.from({ length: 250 }, (_, n) => ({ _id: `hunter2-${n}`, n })))
  afterAll(async () => {
    await untraced.disconnect()
    await server.close()
  })

  function traced(store = untraced) {
    const tracer = createTestTracer()
    const root = tracer.start({ name: 'root' })
    return { tracer, root, store: store.traced(root), items: store.traced(root).collection('items') }
  }

  it('are spans without values, one for each batch of a cursor', async () => {
    const { tracer, root, items } = traced()
    expect(await items.findOne({ _id: 'hunter2-1' })).toMatchObject({ n: 1 })
    expect(await items.find({ _id: { $gte: 'hunter2' } }).toArray()).toHaveLength(250)
    for await (const _item of items.find({})) break
    await items.updateOne({ _id: 'hunter2-1' }, { $set: { n: 0 } })
    await items.aggregate([{ $match: { n: 4711 } }]).toArray()
    root.end()
    expect(
      tracer.print('db.operation.name', 'db.collection.name').replaceAll(/ {2}db\.collection\.name=items$/gm, ''),
    ).toBe(
      [
        'root',
        '  find items  db.operation.name=find',
        '    find items  db.operation.name=find',
        '  find items  db.operation.name=find',
        '    find items  db.operation.name=find',
        '    getMore items  db.operation.name=getMore',
        '  find items  db.operation.name=find',
        '    find items  db.operation.name=find',
        '    killCursors items  db.operation.name=killCursors',
        '  updateOne items  db.operation.name=updateOne',
        '    update items  db.operation.name=update',
        '  aggregate items  db.operation.name=aggregate',
        '    aggregate items  db.operation.name=aggregate',
      ].join('\n'),
    )
    expect(tracer.named('getMore items')[0]?.attributes).toMatchObject({ 'db.system.name': 'mongodb' })
    expect(JSON.stringify([tracer.roots, tracer.metrics])).not.toMatch(/hunter2|4711/)
    expect(tracer.roots.flatMap(({ children }) => children).every(({ ended }) => ended)).toBe(true)
    // Operations are measured, and not a second time the commands that they are made of.
    expectMetric(tracer, {
      name: 'db.client.operation.duration',
      attributes: { 'db.operation.name': 'find' },
      count: 3,
    })
  })

  it('belong to their own operation where several run at the same time', async () => {
    const { tracer, items } = traced()
    await Promise.all([
      items.countDocuments({}),
      items.distinct('n'),
      items.deleteMany({ n: -1 }),
      items.findOneAndUpdate({ _id: 'hunter2-2' }, { $set: { n: 0 } }),
    ])
    const [root] = tracer.roots
    expect(root?.children.map(({ name, children }) => [name, children.map((part) => part.name)])).toEqual([
      ['countDocuments items', ['aggregate items']],
      ['distinct items', ['distinct items']],
      ['deleteMany items', ['delete items']],
      ['findOneAndUpdate items', ['findAndModify items']],
    ])
  })

  it('commands that the vendor sends again count as retries', async () => {
    const { tracer, root, items } = traced()
    const fail = { failCommands: ['find'], errorCode: 91, errorLabels: ['RetryableError'] }
    await (untraced.native as { db(name: string): { command(command: object): Promise<unknown> } })
      .db('admin')
      .command({ configureFailPoint: 'failCommand', mode: { times: 1 }, data: fail })
    await items.findOne({ _id: 'hunter2-1' })
    root.end()
    expect(tracer.print('http.request.resend_count', 'db.response.status_code')).toBe(
      [
        'root',
        '  find items',
        '    find items  db.response.status_code=91  failed: MongoServerError',
        '    find items  http.request.resend_count=1',
      ].join('\n'),
    )
    const attributes = { 'db.system.name': 'mongodb', 'lexigram.retry.of': 'request' }
    expectMetric(tracer, { name: 'lexigram.retries', attributes, count: 1, sum: 1 })
  })

  it('the commands of a transaction are parts of their operations', async () => {
    const { tracer, root, store } = traced()
    await store.transaction(async (tx) => {
      await tx.collection('items').updateOne({ _id: 'hunter2-1' }, { $inc: { n: 1 } })
      await tx.collection('items').findOne({ _id: 'hunter2-1' })
    })
    root.end()
    expect(tracer.print()).toBe(
      [
        'root',
        '  transaction',
        '    updateOne items',
        '      update items',
        '    find items',
        '      find items',
        '    commitTransaction',
      ].join('\n'),
    )
  })

  it('are left out where a store is opened without a tracer', async () => {
    await using plain = createDocumentStore(mongodb(), { database: 'traced', config })
    const { tracer, root, items } = traced(plain)
    await items.findOne({ _id: 'hunter2-1' })
    root.end()
    expect(tracer.print()).toBe(['root', '  find items'].join('\n'))
  })
})
