import { isLexigramError } from '../../core/errors.ts'
import { err, ok } from '../../core/result/result.ts'
import { assertEqual, assertFails } from './assert.ts'
import { topic, type CaseContext, type Check } from './conformance-case.ts'

/** Where there are no transactions, asking for one is refused. */
function transactional(check: Check): Check {
  return async (context) => {
    if (context.store.capabilities.transaction.kind === 'interactive') return check(context)
    await assertFails(
      context.store.transaction(async () => undefined),
      'LEX_ERR_NOSQL_009',
      { what: 'a transaction' },
    )
  }
}

const balances = async ({ items }: CaseContext) =>
  (await items.find({}, { sort: '_id' }).toArray()).map(({ n }) => n ?? null)

/** A transaction that takes the unique value, or the `_id`, of the document 1. A backend may notice it at the commit. */
function taken(work: (inside: CaseContext['items']) => Promise<void>): Check {
  return transactional(async ({ store, items }) => {
    if (store.capabilities.index.unique === 'none') return
    await items.createIndex('email', { unique: true })
    const documents = [
      { _id: 1, email: 'a' },
      { _id: 3, email: 'c' },
    ]
    await items.insertMany(documents)
    const transaction = store.transaction(async (tx) => work(tx.collection(items.name)))
    await assertFails(transaction, 'LEX_ERR_DB_005', { what: 'the transaction' })
    assertEqual(await items.find({}, { sort: '_id' }).toArray(), documents, 'the documents')
  })
}

export const transactionCases = topic('transactions', {
  'reads see own writes, and others see them after the commit only': transactional(async (context) => {
    const { store, items } = context
    await items.insertMany([
      { _id: 1, n: 1 },
      { _id: 2, n: 2 },
    ])
    const result = await store.transaction(async (tx) => {
      const inside = tx.collection(items.name)
      await inside.updateOne({ _id: 1 }, { $inc: { n: 10 } })
      await inside.deleteOne({ _id: 2 })
      await inside.insertOne({ _id: 3, n: 3 })
      assertEqual(
        await inside.find({ n: { $gt: 2 } }, { sort: { n: 1 } }).toArray(),
        [
          { _id: 3, n: 3 },
          { _id: 1, n: 11 },
        ],
        'inside',
      )
      assertEqual([await inside.countDocuments(), await inside.findOne({ _id: 2 })], [2, null], 'inside')
      assertEqual(await balances(context), [1, 2], 'outside')
      return 'done'
    })
    assertEqual([result, await balances(context)], ['done', [11, 3]], 'after the commit')
  }),
  'an exception rolls back and reaches the caller': transactional(async (context) => {
    const { store, items } = context
    await items.insertOne({ _id: 1, n: 1 })
    const boom = new Error('boom')
    const thrown: unknown = await store
      .transaction(async (tx) => {
        await tx.collection(items.name).updateMany({}, { $set: { n: 9 } })
        throw boom
      })
      .catch((error: unknown) => error)
    assertEqual([thrown === boom, await balances(context)], [true, [1]], 'the error and the documents')
  }),
  'a returned Err rolls back and is the result, a returned Ok commits': transactional(async (context) => {
    const { store, items } = context
    const write = (value: number) => async (tx: Parameters<Parameters<typeof store.transaction>[0]>[0]) => {
      await tx.collection(items.name).insertOne({ n: value })
      return value > 1 ? ok(value) : err('too small')
    }
    assertEqual((await store.transaction(write(1))).ok, false, 'the Err')
    assertEqual(await balances(context), [], 'rolled back')
    assertEqual((await store.transaction(write(2))).ok, true, 'the Ok')
    assertEqual(await balances(context), [2], 'committed')
  }),
  'reads are of one moment': transactional(async ({ store, items }) => {
    if (!store.capabilities.transaction.snapshotReads) return
    await items.insertMany([
      { _id: 1, n: 1 },
      { _id: 2, n: 1 },
    ])
    await store.transaction(async (tx) => {
      const inside = tx.collection(items.name)
      assertEqual((await inside.findOne({ _id: 1 }))?.['n'], 1, 'the first read')
      await items.updateMany({}, { $set: { n: 2 } })
      await items.insertOne({ _id: 3, n: 1 })
      await items.deleteOne({ _id: 1 })
      assertEqual(
        await inside.find({ n: 1 }, { sort: '_id' }).toArray(),
        [
          { _id: 1, n: 1 },
          { _id: 2, n: 1 },
        ],
        'the second',
      )
    })
  }),
  'two that write the same document conflict, and the one that lost runs again': transactional(async (context) => {
    const { store, items } = context
    await items.insertOne({ _id: 1, n: 0 })
    const increment = async () =>
      store.transaction(
        async (tx) => {
          const inside = tx.collection(items.name)
          const found = await inside.findOne({ _id: 1 })
          await inside.updateOne({ _id: 1 }, { $set: { n: Number(found?.['n']) + 1 } })
        },
        { attempts: 50 },
      )
    await Promise.all(Array.from({ length: 8 }, increment))
    assertEqual(await balances(context), [8], 'no increment is lost')
  }),
  'a conflict that stays ends in WriteConflictError': transactional(async ({ store, items }) => {
    await items.insertOne({ _id: 1, n: 0 })
    const hopeless = store.transaction(
      async (tx) => {
        const inside = tx.collection(items.name)
        await inside.findOne({ _id: 1 })
        await items.updateOne({ _id: 1 }, { $inc: { n: 1 } })
        await inside.updateOne({ _id: 1 }, { $inc: { n: 100 } })
      },
      { attempts: 2 },
    )
    await assertFails(hopeless, 'LEX_ERR_NOSQL_008', { what: 'the transaction' })
    assertEqual((await items.findOne({ _id: 1 }))?.['n'], 2, 'it ran twice and wrote nothing')
  }),
  'unique indexes hold within and between transactions': transactional(async ({ store, items }) => {
    if (store.capabilities.index.unique === 'none') return
    await items.createIndex('email', { unique: true })
    await items.insertOne({ _id: 1, email: 'a' })
    const twice = store.transaction(async (tx) => {
      await tx.collection(items.name).insertOne({ email: 'b' })
      await tx.collection(items.name).insertOne({ email: 'b' })
    })
    await assertFails(twice, 'LEX_ERR_DB_005', { what: 'two of its own' })
    await store.transaction(async (tx) => {
      await tx.collection(items.name).updateOne({ _id: 1 }, { $set: { email: 'c' } })
      await tx.collection(items.name).insertOne({ _id: 2, email: 'a' })
    })
    const rivals = [1, 2, 3].map(async () =>
      store.transaction(async (tx) => tx.collection(items.name).insertOne({ email: 'x' })),
    )
    const settled = await Promise.allSettled(rivals)
    assertEqual(settled.filter(({ status }) => status === 'fulfilled').length, 1, 'the winners')
    assertEqual(await items.distinct('email'), ['a', 'c', 'x'], 'the values')
  }),
  'a unique value is refused while another document has it, also where that one is deleted later': taken(
    async (inside) => {
      await inside.insertOne({ _id: 2, email: 'a' })
      await inside.deleteOne({ _id: 1 })
    },
  ),
  'a unique value is refused while another document has it, also where that one is changed later': taken(
    async (inside) => {
      await inside.updateOne({ _id: 3 }, { $set: { email: 'a' } })
      await inside.updateOne({ _id: 1 }, { $set: { email: 'b' } })
    },
  ),
  'a unique value is refused while another document has it, also where it is given up again': taken(async (inside) => {
    await inside.updateOne({ _id: 3 }, { $set: { email: 'a' } })
    await inside.updateOne({ _id: 3 }, { $set: { email: 'c' } })
  }),
  'a unique value is refused while another document has it, also where the new one is deleted again': taken(
    async (inside) => {
      await inside.insertOne({ _id: 2, email: 'a' })
      await inside.deleteOne({ _id: 2 })
    },
  ),
  'an _id is refused while there is a document with it, also where the new one is deleted again': taken(
    async (inside) => {
      await inside.insertOne({ _id: 1, email: 'b' })
      await inside.deleteOne({ _id: 1 })
    },
  ),
  'a unique value that its document has given up may be taken and given back': transactional(
    async ({ store, items }) => {
      if (store.capabilities.index.unique === 'none') return
      await items.createIndex('email', { unique: true })
      await items.insertOne({ _id: 1, email: 'a' })
      await store.transaction(async (tx) => {
        const inside = tx.collection(items.name)
        await inside.updateOne({ _id: 1 }, { $set: { email: 'b' } })
        await inside.insertOne({ _id: 2, email: 'a' })
        await inside.deleteOne({ _id: 2 })
        await inside.updateOne({ _id: 1 }, { $set: { email: 'a' } })
      })
      assertEqual(await items.find().toArray(), [{ _id: 1, email: 'a' }], 'the documents')
    },
  ),
  'after a refused write nothing is committed': transactional(async ({ store, items }) => {
    await items.insertOne({ _id: 1 })
    const careless = store.transaction(async (tx) => {
      await tx.collection(items.name).insertOne({ _id: 2 })
      await tx
        .collection(items.name)
        .insertOne({ _id: 1 })
        .catch(() => undefined)
    })
    // A backend that learns of it with the commit names the duplicate itself.
    const error: unknown = await careless.catch((thrown: unknown) => thrown)
    const code = isLexigramError(error) ? error.code : error
    assertEqual(code === 'LEX_ERR_DB_005' || code === 'LEX_ERR_NOSQL_006', true, `it fails (${String(code)})`)
    assertEqual(await items.countDocuments(), 1, 'the documents')
  }),
  'a collection of a transaction that has ended is refused': transactional(async ({ store, items }) => {
    const escaped = await store.transaction(async (tx) => tx.collection(items.name))
    await assertFails(escaped.findOne({}), 'LEX_ERR_NOSQL_006', { what: 'a read' })
    await assertFails(escaped.insertOne({}), 'LEX_ERR_NOSQL_006', { what: 'a write' })
  }),
  'collections and indexes are neither changed nor listed within one': transactional(async ({ store, items }) => {
    const inside = (work: (collection: typeof items) => Promise<unknown>) =>
      store.transaction(async (tx) => work(tx.collection(items.name)))
    await items.createIndex('n')
    const refused: Readonly<Record<string, (collection: typeof items) => Promise<unknown>>> = {
      createIndex: (collection) => collection.createIndex('a'),
      createIndexes: (collection) => collection.createIndexes([{ key: 'a' }]),
      dropIndex: (collection) => collection.dropIndex('n_1'),
      dropIndexes: (collection) => collection.dropIndexes(),
      listIndexes: (collection) => collection.listIndexes(),
      rename: (collection) => collection.rename(`${items.name}_renamed`),
      drop: (collection) => collection.drop(),
      watch: (collection) => collection.watch(),
    }
    for (const [what, work] of Object.entries(refused)) await assertFails(inside(work), 'LEX_ERR_NOSQL_009', { what })
    assertEqual((await items.listIndexes()).map(({ name }) => name).sort(), ['_id_', 'n_1'], 'the indexes')
  }),
  'what was read by _id is guarded as the isolation says': transactional(async ({ store, items }) => {
    await items.insertMany([
      { _id: 1, n: 1 },
      { _id: 2, n: 1 },
    ])
    const skewed = store.transaction(
      async (tx) => {
        const inside = tx.collection(items.name)
        await inside.findOne({ _id: 1 })
        await items.updateOne({ _id: 1 }, { $inc: { n: 1 } })
        await inside.updateOne({ _id: 2 }, { $set: { n: 9 } })
      },
      { attempts: 1 },
    )
    if (store.capabilities.transaction.isolation === 'snapshot') await skewed
    else await assertFails(skewed, 'LEX_ERR_NOSQL_008', { what: 'a transaction over what was changed' })
  }),
  'the number of writes is limited as declared': transactional(async ({ store, items }) => {
    const { maxWrites } = store.capabilities.transaction
    const documents = Array.from({ length: Math.min(maxWrites + 1, 300) }, (_, _id) => ({ _id }))
    const insert = (count: number) =>
      store.transaction(async (tx) => tx.collection(items.name).insertMany(documents.slice(0, count)))
    if (maxWrites < 300) await assertFails(insert(maxWrites + 1), 'LEX_ERR_NOSQL_009', { what: 'one write too many' })
    await insert(Math.min(maxWrites, 300))
    assertEqual(await items.countDocuments(), Math.min(maxWrites, 300), 'the documents')
  }),
})
