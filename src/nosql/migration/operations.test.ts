import { describe, expect, it } from 'vitest'
import { createDocumentStore } from '../store/document-store.ts'
import { memory } from '../drivers/memory/memory-driver.ts'
import { CreateCollection, DropCollection } from './collection-operations.ts'
import { AddField, RemoveField, RenameField } from './field-operations.ts'
import { CreateIndex, DropIndex } from './index-operations.ts'
import { MigrationManager } from './manager.ts'
import type { MigrationOperation } from './operation.ts'
import { RunScript } from './run-script.ts'

async function setUp() {
  const store = createDocumentStore(memory())
  const users = store.collection('users')
  await users.insertMany([
    { _id: 1, name: 'Ada', nick: 'a' },
    { _id: 'two', name: 'Bo', age: null },
    { _id: 3n, name: 'Cy', age: 3 },
  ])
  const manager = (...operations: readonly MigrationOperation[]) => {
    const made = new MigrationManager({ store, dbName: 'app', segmentSize: 2, every: () => () => undefined })
    for (const operation of operations) made.add(operation)
    return made
  }
  const all = () => users.find({}, { sort: 'name' }).toArray()
  return { store, users, manager, all }
}

describe('AddField', () => {
  it('adds the field to documents without it', async () => {
    const { manager, all } = await setUp()
    const migrations = manager(new AddField('users', 'age', { default: 0 }))
    expect(await migrations.apply()).toMatchObject([{ changed: 1 }])
    expect((await all()).map(({ age }) => age)).toEqual([0, null, 3])
  })

  it('takes the field back from documents that still hold the default', async () => {
    const { manager, all, users } = await setUp()
    const migrations = manager(new AddField('users', 'age', { default: 0 }))
    await migrations.apply()
    await users.insertOne({ name: 'Di', age: 0 })
    await users.updateOne({ name: 'Ada' }, { $set: { age: 40 } })
    await migrations.rollback()
    expect((await all()).map(({ age }) => age)).toEqual([40, null, 3, undefined])
    expect(await migrations.apply()).toMatchObject([{ changed: 1 }])
  })

  it('copies a default that can be stored', () => {
    const value = { tags: ['x'] }
    const operation = new AddField('users', 'meta', { default: value })
    value.tags.push('y')
    expect(operation.definition.default).toEqual({ tags: ['x'] })
    expect(() => new AddField('users', 'x', { default: Number.NaN })).toThrow(
      expect.objectContaining({ code: 'LEX_ERR_USE_001' }),
    )
    expect(() => new AddField('users', '$x', { default: 1 })).toThrow(
      expect.objectContaining({ code: 'LEX_ERR_USE_001' }),
    )
    expect(() => new AddField('$cmd', 'x', { default: 1 })).toThrow(
      expect.objectContaining({ code: 'LEX_ERR_NOSQL_005' }),
    )
  })
})

describe('RenameField', () => {
  it('renames there and back', async () => {
    const { manager, all } = await setUp()
    const migrations = manager(new RenameField('users', 'name', 'profile.fullName'))
    expect(await migrations.apply()).toMatchObject([{ changed: 3 }])
    expect(await all()).toMatchObject([{ profile: {} }, { profile: {} }, { profile: {} }])
    await migrations.rollback()
    expect((await all()).map(({ name }) => name)).toEqual(['Ada', 'Bo', 'Cy'])
  })

  it('never overwrites: a document with both fields fails the step until it is corrected', async () => {
    const { manager, all, users } = await setUp()
    await users.updateOne({ _id: 1 }, { $set: { alias: 'x' } })
    await users.updateOne({ _id: 'two' }, { $set: { nick: 'b' } })
    const migrations = manager(new RenameField('users', 'nick', 'alias'))
    await expect(migrations.apply()).rejects.toMatchObject({ cause: { details: { documents: 1 } } })
    expect(await all()).toMatchObject([{ nick: 'a', alias: 'x' }, { alias: 'b' }, {}])
    await users.updateOne({ _id: 1 }, { $unset: { alias: '' } })
    await migrations.apply()
    expect(await all()).toMatchObject([{ alias: 'a' }, { alias: 'b' }, {}])
  })
})

describe('RemoveField', () => {
  it('removes the field everywhere', async () => {
    const { manager, users } = await setUp()
    await manager(new RemoveField('users', 'age')).apply()
    expect(await users.countDocuments({ age: { $exists: true } })).toBe(0)
  })

  it('cannot be undone, nor what came before it in the same call', async () => {
    const { manager, users, store } = await setUp()
    const migrations = manager(new RemoveField('users', 'age'), new AddField('users', 'x', { default: 1 }))
    await migrations.apply()
    await expect(migrations.rollback({ steps: 2 })).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_012' })
    expect(await users.countDocuments({ x: 1 })).toBe(3)
    expect(await store.collection('_migrations').countDocuments({ status: 'applied' })).toBe(2)
    expect(await migrations.rollback()).toMatchObject([{ id: '0002_add_field_users_x' }])
    expect(await migrations.status()).toMatchObject([{ status: 'applied' }, { status: 'rolled-back' }])
    expect(await migrations.pending()).toMatchObject([{ id: '0002_add_field_users_x' }])
  })
})

describe('CreateIndex and DropIndex', () => {
  const names = (indexes: readonly { readonly name: string }[]) => indexes.map(({ name }) => name)

  it('make and remove an index, whatever was there before', async () => {
    const { manager, users } = await setUp()
    await users.createIndex('name')
    const migrations = manager(new CreateIndex('users', 'name'), new CreateIndex('users', { name: 1, age: -1 }))
    await migrations.apply()
    expect(names(await users.listIndexes())).toEqual(['_id_', 'name_1', 'name_1_age_-1'])
    await migrations.rollback({ steps: 2 })
    expect(names(await users.listIndexes())).toEqual(['_id_'])
  })

  it('restore a dropped index as it was', async () => {
    const { manager, users } = await setUp()
    const partialFilterExpression = { age: { $gt: 0 }, born: { $lt: new Date(5) } }
    await users.createIndex([['name', -1]], { unique: true, name: 'special', partialFilterExpression })
    const before = await users.listIndexes()
    const migrations = manager(new DropIndex('users', 'special'), new DropIndex('users', 'nobody'))
    await migrations.apply()
    expect(names(await users.listIndexes())).toEqual(['_id_'])
    await migrations.rollback({ steps: 2 })
    expect(await users.listIndexes()).toEqual(before)
  })

  it('report documents that break a unique index as the cause', async () => {
    const { manager, users } = await setUp()
    await users.insertOne({ name: 'Ada' })
    const migrations = manager(new CreateIndex('users', 'name', { unique: true }))
    await expect(migrations.apply()).rejects.toMatchObject({
      code: 'LEX_ERR_NOSQL_012',
      cause: { code: 'LEX_ERR_DB_005' },
      details: { causeCode: 'LEX_ERR_DB_005' },
    })
    expect(names(await users.listIndexes())).toEqual(['_id_'])
  })

  it('refuse what no backend could index before anything runs', () => {
    expect(() => new CreateIndex('users', [])).toThrow(expect.objectContaining({ code: 'LEX_ERR_NOSQL_005' }))
  })
})

describe('CreateCollection and DropCollection', () => {
  it('make an empty collection and drop one', async () => {
    const { manager, store } = await setUp()
    const migrations = manager(new CreateCollection('logs'), new DropCollection('users'), new DropCollection('nobody'))
    await migrations.apply()
    expect((await store.listCollections()).filter((name) => !name.startsWith('_'))).toEqual(['logs'])
    expect(await store.collection('logs').countDocuments()).toBe(0)
    await expect(migrations.rollback()).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_012' })
  })

  it('roll back only what they made and what is still empty', async () => {
    const { manager, store } = await setUp()
    const migrations = manager(new CreateCollection('users'), new CreateCollection('logs'))
    await migrations.apply()
    await store.collection('logs').insertOne({ _id: 1 })
    await expect(migrations.rollback()).rejects.toMatchObject({ cause: { details: { documents: 1 } } })
    await store.collection('logs').deleteMany({})
    await migrations.apply()
    await migrations.rollback({ steps: 2 })
    expect((await store.listCollections()).filter((name) => !name.startsWith('_'))).toEqual(['users'])
  })
})

describe('RunScript', () => {
  it('is undone by a rollback that gets what it remembers', async () => {
    const { manager, users, all } = await setUp()
    const shout = new RunScript(
      'shout',
      async ({ store, progress, remember }) => {
        await remember(['Ada'])
        await store.collection('users').updateOne({ name: 'Ada' }, { $set: { name: 'ADA' } })
        await progress(1)
      },
      {
        rollback: async ({ memory: was }) =>
          void (await users.updateOne({ _id: 1 }, { $set: { name: Array.isArray(was) && was[0] } })),
      },
    )
    const migrations = manager(shout)
    expect(await migrations.apply()).toMatchObject([{ changed: 1 }])
    expect((await all())[0]).toMatchObject({ name: 'ADA' })
    await migrations.rollback()
    expect((await all())[0]).toMatchObject({ name: 'Ada' })
  })

  it('is not undone in no step', async () => {
    const { manager } = await setUp()
    const rollback = manager(new RunScript('shout', async () => {})).rollback({ steps: 0 })
    await expect(rollback).rejects.toMatchObject({ code: 'LEX_ERR_USE_001' })
  })

  it('refuses a blank name', () => {
    expect(() => new RunScript(' ', async () => {})).toThrow(expect.objectContaining({ code: 'LEX_ERR_USE_001' }))
  })
})
