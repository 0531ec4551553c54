import { describe, expect, it } from 'vitest'
import { interceptDriver } from '../../testing/intercept-driver.ts'
import { createDocumentStore } from '../store/document-store.ts'
import { memory } from '../drivers/memory/memory-driver.ts'
import { AddField } from './field-operations.ts'
import { MigrationManager } from './manager.ts'

/** A store to which an older program adds a document before each of the migration's first `arrivals` segments. */
async function setUp(arrivals: number) {
  const driver = memory()
  const users = createDocumentStore(driver).collection('users')
  await users.insertMany(Array.from({ length: 4 }, (_, n) => ({ _id: n })))
  let arrived = 0
  const watched = interceptDriver(driver, async ({ collection, operation }) => {
    if (collection === 'users' && operation === 'write' && arrived < arrivals)
      await users.insertOne({ _id: `new${String(arrived++).padStart(2, '0')}` })
  })
  const store = createDocumentStore(watched)
  const migrations = new MigrationManager({ store, dbName: 'app', segmentSize: 10, every: () => () => undefined })
  return { users, migrations: migrations.add(new AddField('users', 'x', { default: 1 })) }
}

describe('a change of every document', () => {
  it('a change of every document reaches documents that arrive while it runs', async () => {
    const { users, migrations } = await setUp(3)
    expect(await migrations.apply()).toMatchObject([{ changed: 7 }])
    expect(await users.countDocuments({ x: { $exists: false } })).toBe(0)
  })

  it('ends with an error, not with a half-truth, when they never stop arriving', async () => {
    const { users, migrations } = await setUp(Infinity)
    await expect(migrations.apply()).rejects.toMatchObject({
      code: 'LEX_ERR_NOSQL_012',
      cause: { message: expect.stringContaining('keep arriving') },
    })
    expect(await users.countDocuments({ x: 1 })).toBe(4 + 9)
    expect(await migrations.status()).toMatchObject([{ status: 'failed', record: { changed: 13 } }])
  })
})
