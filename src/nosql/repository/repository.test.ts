import { ObjectId } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { toSpecification } from '../../core/specification/combine.ts'
import { fieldEq, fieldGte } from '../../core/specification/field.ts'
import type { SpecificationNode } from '../../core/specification/specification.ts'
import { OptimisticLockError } from '../../core/errors.ts'
import type { BulkWriteResult } from '../collection/results.ts'
import type { DocumentDriver } from '../contract/driver.ts'
import { NoSQLConnectionError } from '../errors.ts'
import { createDocumentStore, type DocumentTransaction } from '../store/document-store.ts'
import { memory } from '../drivers/memory/memory-driver.ts'
import type { Document } from '../query/value.ts'
import type { WithId } from '../collection/document-id.ts'
import { aggregation } from '../aggregation/index.ts'
import { DocumentQueryBuilder } from '../builder/query-builder.ts'
import { DocumentRepository } from './repository.ts'
import type { RepositoryOptions } from './options.ts'

interface User {
  readonly id?: string
  readonly name: string
  readonly age?: number | undefined
  readonly createdAt?: Date
  readonly updatedAt?: Date
  readonly version?: number
}

class UserRepository extends DocumentRepository<User> {
  protected readonly collectionName = 'users'

  protected documentToEntity({ _id, ...user }: WithId<Document>): User {
    return { id: String(_id), ...user } as unknown as User
  }

  protected entityToDocument({ id, ...user }: User) {
    return { _id: id, ...user }
  }
}

function setUp(options: RepositoryOptions = {}) {
  const driver = memory()
  const store = createDocumentStore(driver)
  let time = 1000
  const users = new UserRepository(store, { clock: () => time, ...options })
  return { store, users, raw: store.collection('users'), at: (next: number) => (time = next) }
}

describe('DocumentRepository', () => {
  it('finds a new entity again by the id that it was given', async () => {
    const { users } = setUp()
    const saved = await users.save({ name: 'Ada' })
    expect(saved.id).toMatch(/^[0-9a-f-]{36}$/)
    expect(await users.find(saved.id ?? '')).toEqual(saved)
    expect(await users.get(saved.id ?? '')).toEqual({ ok: true, value: saved })
  })

  it('returns null or an error value for a missing entity', async () => {
    const { users } = setUp()
    expect(await users.find('nobody')).toBeNull()
    const missing = await users.get('nobody')
    expect(missing).toMatchObject({ ok: false, error: { code: 'LEX_ERR_DOM_002', status: 404 } })
    expect(missing.ok || missing.error.message).not.toContain('nobody')
    expect(await users.exists('nobody')).toBe(false)
  })

  it('saves a changed entity in one write: unmapped fields stay, undefined ones go', async () => {
    const { users, raw } = setUp()
    await raw.insertOne({ _id: 'a', name: 'Ada', age: 36, legacy: true })
    const saved = await users.save({ id: 'a', name: 'Ada L.', age: undefined })
    expect(saved).toEqual({ id: 'a', name: 'Ada L.', legacy: true })
    expect(await raw.findOne({ _id: 'a' })).toEqual({ _id: 'a', name: 'Ada L.', legacy: true })
  })

  it('saves an entity with its own id as new', async () => {
    const { users } = setUp()
    expect(await users.save({ id: 'mine', name: 'Bo' })).toEqual({ id: 'mine', name: 'Bo' })
    expect(await users.count()).toBe(1)
  })

  it('finds by filter, specification and built query, in order and by page', async () => {
    const { users } = setUp()
    await users.saveMany([1, 2, 3, 4, 5].map((n) => ({ id: `u${n}`, name: n % 2 ? 'odd' : 'even', age: n })))
    const names = (found: readonly User[]) => found.map(({ id }) => id)
    expect(names(await users.findByFilter({ name: 'odd' }, { sort: { age: -1 } }))).toEqual(['u5', 'u3', 'u1'])
    expect(names(await users.findBySpec(fieldEq('name', 'odd').and(fieldGte('age', 3))))).toEqual(['u3', 'u5'])
    const { filter, ...options } = new DocumentQueryBuilder<User>().whereGt('age', 1).sortBy('age').limit(2).build()
    expect(names(await users.findByFilter(filter, options))).toEqual(['u2', 'u3'])
    expect(names(await users.list({ sort: 'age', skip: 1, limit: 2 }))).toEqual(['u2', 'u3'])
    expect(await users.count()).toBe(5)
    expect(await users.count(fieldEq('name', 'even'))).toBe(2)
    expect(await users.count({ age: { $gt: 3 } })).toBe(2)
    const first = await users.page({ where: fieldGte('age', 2), sort: { age: 1 }, limit: 3 })
    expect(names(first.items)).toEqual(['u2', 'u3', 'u4'])
    const second = await users.page({ where: fieldGte('age', 2), sort: { age: 1 }, limit: 3, after: first.next })
    expect([names(second.items), second.next]).toEqual([['u5'], null])
  })

  it('refuses a built query that would return half an entity', async () => {
    const { filter, ...options } = new DocumentQueryBuilder<User>().select('name').build()
    await expect(setUp().users.findByFilter(filter, options)).rejects.toMatchObject({ code: 'LEX_ERR_USE_001' })
  })

  it('lists a hundred by default', async () => {
    const { users } = setUp()
    await users.saveMany(Array.from({ length: 120 }, (_, n) => ({ name: `n${n}` })))
    expect(await users.list()).toHaveLength(100)
    expect(await users.list({ limit: 200 })).toHaveLength(120)
    expect(await users.findByFilter({})).toHaveLength(120)
  })

  it('saves many, new and changed, in one bulk write and in order', async () => {
    const { users, raw } = setUp()
    await raw.insertOne({ _id: 'a', name: 'old', legacy: 1 })
    const saved = await users.saveMany([{ name: 'first' }, { id: 'a', name: 'new' }, { id: 'b', name: 'third' }])
    expect(saved).toEqual([
      { id: saved[0]?.id, name: 'first' },
      { id: 'a', name: 'new', legacy: 1 },
      { id: 'b', name: 'third' },
    ])
    expect(await users.saveMany([])).toEqual([])
  })

  it('says how many were deleted', async () => {
    const { users } = setUp()
    await users.saveMany(['a', 'b', 'c'].map((id) => ({ id, name: id })))
    expect(await users.delete('a')).toBe(true)
    expect(await users.delete('a')).toBe(false)
    expect(await users.deleteMany(['b', 'c', 'd'])).toBe(2)
    expect(await users.count()).toBe(0)
    await expect(users.restore('a')).rejects.toMatchObject({ code: 'LEX_ERR_USE_001' })
  })

  it('takes part in a transaction when it is made from one', async () => {
    const { store, users } = setUp()
    const work = async (tx: DocumentTransaction) => {
      const inside = new UserRepository(tx)
      await inside.save({ id: 'a', name: 'Ada' })
      expect(await inside.find('a')).not.toBeNull()
      throw new Error('no')
    }
    await expect(store.transaction(work)).rejects.toThrow('no')
    expect(await users.find('a')).toBeNull()
  })

  it('returns entities that share nothing', async () => {
    const { users, raw } = setUp()
    await raw.insertOne({ _id: 'a', name: 'Ada', tags: ['x'] })
    const [one, two] = await Promise.all([users.find('a'), users.find('a')])
    expect(one).toEqual(two)
    expect(Reflect.get(one ?? {}, 'tags')).not.toBe(Reflect.get(two ?? {}, 'tags'))
  })
})

describe('timestamps', () => {
  it('keep the time of creation and of the last change', async () => {
    const { users, at } = setUp({ timestamps: true })
    const created = await users.save({ id: 'a', name: 'Ada' })
    expect(created).toMatchObject({ createdAt: new Date(1000), updatedAt: new Date(1000) })
    at(2000)
    expect(await users.save({ ...created, name: 'B' })).toMatchObject({
      createdAt: new Date(1000),
      updatedAt: new Date(2000),
    })
    at(3000)
    await users.saveMany([{ id: 'a', name: 'C', createdAt: new Date(9) }])
    expect(await users.find('a')).toMatchObject({ createdAt: new Date(1000), updatedAt: new Date(3000) })
  })

  it('go into fields of your choice', async () => {
    const { users, raw } = setUp({ timestamps: { createdAt: 'made', updatedAt: 'touched' } })
    await users.save({ id: 'a', name: 'Ada' })
    expect(await raw.findOne({ _id: 'a' })).toMatchObject({ made: new Date(1000), touched: new Date(1000) })
  })
})

describe('the optimistic lock', () => {
  it('counts versions', async () => {
    const { users } = setUp({ version: true })
    const first = await users.save({ id: 'a', name: 'Ada' })
    expect(first.version).toBe(1)
    const second = await users.save({ ...first, name: 'B' })
    expect(second.version).toBe(2)
  })

  it('refuses to save over a change or a deletion', async () => {
    const { users } = setUp({ version: true })
    const first = await users.save({ id: 'a', name: 'Ada' })
    const second = await users.save({ ...first, name: 'B' })
    const stale = { code: 'LEX_ERR_DB_015', status: 409 }
    await expect(users.save({ ...first, name: 'C' })).rejects.toMatchObject(stale)
    await expect(users.saveMany([second, { ...first, name: 'C' }])).rejects.toMatchObject({
      ...stale,
      details: { index: 1 },
    })
    expect(await users.find('a')).toMatchObject({ name: 'B', version: 3 })
    await users.delete('a')
    await expect(users.save({ ...second, version: 3 })).rejects.toMatchObject(stale)
  })

  it('says which entities saveMany has stored before it ended', async () => {
    const { users } = setUp({ version: true })
    const old = await users.save({ id: 'a', name: 'Ada' })
    const stale = { ...old, version: 7 }
    const error: unknown = await users
      .saveMany([{ name: 'new' }, { ...old, name: 'B' }, stale, { name: 'not tried' }])
      .catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(OptimisticLockError)
    expect(error).toMatchObject({ code: 'LEX_ERR_DB_015', details: { index: 2 } })
    const { result } = (error as OptimisticLockError).details as { result: BulkWriteResult }
    expect(result).toMatchObject({ insertedCount: 1, matchedCount: 1, modifiedCount: 1, upsertedCount: 0 })
    expect(await users.find(result.insertedIds[0] as string)).toMatchObject({ name: 'new', version: 1 })
    expect(await users.find('a')).toMatchObject({ name: 'B', version: 2 })
    expect(await users.count()).toBe(2)
  })

  it('refuses to save as new what is there', async () => {
    const { users } = setUp({ version: true })
    await users.save({ id: 'a', name: 'Ada' })
    await expect(users.save({ id: 'a', name: 'B' })).rejects.toMatchObject({ code: 'LEX_ERR_DB_005' })
  })

  it('lets exactly one of two rivals win', async () => {
    const { users } = setUp({ version: 'version' })
    const base = await users.save({ id: 'a', name: 'Ada' })
    const rivals = ['B', 'C', 'D'].map((name) => users.save({ ...base, name }))
    const outcomes = await Promise.allSettled(rivals)
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await users.find('a')).toMatchObject({ version: 2 })
  })
})

describe('a specification that was made of data', () => {
  it.each([
    [{ kind: 'nin', field: 'id', value: ['a'] }],
    [{ kind: 'and', operands: [null] }],
    [{ kind: 'or', operands: 'x' }],
    [{ kind: 'not' }],
  ])('is refused where it is not one: %j', async (data) => {
    const { users } = setUp()
    const specification = toSpecification<User>(data as unknown as SpecificationNode) // as a queue may deliver it
    const refused = { code: 'LEX_ERR_USE_001' }
    await expect(users.findBySpec(specification)).rejects.toMatchObject(refused)
    await expect(users.count(specification)).rejects.toMatchObject(refused)
    await expect(users.page({ where: specification })).rejects.toMatchObject(refused)
  })
})

describe('the fields that a repository keeps', () => {
  it.each<[string, RepositoryOptions]>([
    ['version and tenant', { version: 'tenantId', tenant: { id: 'a' } }],
    ['version and time', { version: 'createdAt', timestamps: true }],
    ['both times', { timestamps: { createdAt: 'at', updatedAt: 'at' } }],
    ['tenant and time', { tenant: { id: 'a', field: 'updatedAt' }, timestamps: true }],
  ])('must differ: %s', (_, options) => {
    expect(() => setUp(options)).toThrow(expect.objectContaining({ code: 'LEX_ERR_USE_001' }))
  })
})

describe('a call', () => {
  it('stores an entity that is nothing but its id, new or there already', async () => {
    const { users, raw } = setUp()
    const id = (text: string) => ({ id: text }) as User
    expect(await users.save(id('a'))).toEqual({ id: 'a' })
    await raw.insertOne({ _id: 'b', kept: 1 })
    expect(await users.save(id('b'))).toEqual({ id: 'b', kept: 1 })
    expect(await users.saveMany([id('c'), id('a')])).toEqual([{ id: 'c' }, { id: 'a' }])
    expect(await users.count()).toBe(3)
  })

  it.each<readonly [name: string, (users: UserRepository) => Promise<unknown>]>([
    ['find', (users) => users.find('a')],
    ['get', (users) => users.get('a')],
    ['list', (users) => users.list()],
    ['findByFilter', (users) => users.findByFilter({})],
    ['findBySpec', (users) => users.findBySpec(fieldEq('name', 'x'))],
    ['page', (users) => users.page()],
    ['count', (users) => users.count()],
    ['exists', (users) => users.exists('a')],
    [
      'aggregate',
      (users) =>
        users
          .aggregate([])
          .toArray()
          .catch(() => []),
    ],
    ['save', (users) => users.save({ id: 'a', name: 'x' })],
    ['save of a new one', (users) => users.save({ name: 'x' })],
    ['saveMany', (users) => users.saveMany([{ id: 'a', name: 'x' }, { id: 'b', name: 'y' }, { name: 'z' }])],
    ['delete', (users) => users.delete('a')],
    ['delete of an entity', (users) => users.delete({ id: 'a', name: 'x' })],
    ['deleteMany', (users) => users.deleteMany(['a', 'b'])],
    ['restore', (users) => users.restore('a')],
  ])('asks for the tenant once: %s', async (_name, work) => {
    let calls = 0
    const { users } = setUp({ softDelete: true, timestamps: true, tenant: { id: () => (calls++, 't1') } })
    await work(users)
    expect(calls).toBe(1)
  })

  it('stays with the tenant that it began with, so that saveMany returns what it stored', async () => {
    let current = 't1'
    const { users, raw } = setUp({ tenant: { id: () => current } })
    const saving = users.saveMany([{ id: 'x', name: '1' }])
    current = 't2'
    expect(await saving).toEqual([{ id: 'x', name: '1', tenantId: 't1' }])
    expect(await raw.findOne({ _id: 'x' })).toMatchObject({ tenantId: 't1' })
  })

  it.each([false, true])(
    'says that all was stored when saveMany cannot read it again with version %s',
    async (version) => {
      let isAway = false
      const inner = memory()
      const driver: DocumentDriver = {
        ...inner,
        open(settings) {
          const backend = inner.open(settings)
          return {
            ...backend,
            async collection(...args) {
              const collection = await backend.collection(...args)
              return {
                ...collection,
                plan(query, context) {
                  if (isAway) throw new NoSQLConnectionError('the server is away')
                  return collection.plan(query, context)
                },
                async write(writes, context) {
                  const outcomes = await collection.write(writes, context)
                  isAway = true
                  return outcomes
                },
              }
            },
          }
        },
      }
      const users = new UserRepository(createDocumentStore(driver), { version })
      const saving = users.saveMany([{ name: 'x' }, { name: 'y' }])
      if (version) expect(await saving).toHaveLength(2)
      else {
        await expect(saving).rejects.toMatchObject({
          code: 'LEX_ERR_NOSQL_002',
          message: "documents in 'users' cannot be returned: they were stored, and cannot be read again",
          cause: { message: 'the server is away' },
        })
      }
      isAway = false
      expect(await users.count()).toBe(2)
    },
  )

  it('fails rather than lose a document that is gone before saveMany has read it again', async () => {
    const { users, raw } = setUp()
    await raw.createIndex('createdAt', { expireAfterSeconds: 0 })
    const saving = users.saveMany([
      { id: 'a', name: 'x' },
      { id: 'b', name: 'y', createdAt: new Date(0) },
    ])
    await expect(saving).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_008', status: 409 })
    expect(await users.exists('a')).toBe(true)
  })

  it('names the option that was probably meant', async () => {
    const { users } = setUp()
    const given = { includeDelete: true } as object
    const refused = { code: 'LEX_ERR_USE_001', hint: 'Did you mean includeDeleted?' }
    await expect(users.find('a', given)).rejects.toMatchObject(refused)
    await expect(users.exists('a', given)).rejects.toMatchObject(refused)
    await expect(users.delete('a', { hrad: true } as object)).rejects.toMatchObject({ hint: 'Did you mean hard?' })
    await expect(users.list({ limmit: 1 } as object)).rejects.toMatchObject({ hint: 'Did you mean limit?' })
    expect(() => setUp({ softdelete: true } as object)).toThrow(
      expect.objectContaining({ hint: 'Did you mean softDelete?' }),
    )
  })
})

describe('delete', () => {
  it('takes an entity as it was read', async () => {
    const { users } = setUp()
    const ada = await users.save({ name: 'Ada' })
    expect(await users.delete(ada)).toBe(true)
    expect(await users.delete(ada)).toBe(false)
    await expect(users.delete({ name: 'without an id' })).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_005' })
  })

  it.each([{ version: true }, { version: true, softDelete: true }])(
    'deletes only the version that it is given: %o',
    async (options) => {
      const { users } = setUp(options)
      const first = await users.save({ id: 'a', name: 'Ada' })
      const second = await users.save({ ...first, name: 'B' })
      const stale = { code: 'LEX_ERR_DB_015', status: 409 }
      await expect(users.delete(first)).rejects.toMatchObject(stale)
      await expect(users.delete('a', { version: 1 })).rejects.toMatchObject(stale)
      expect(await users.exists('a')).toBe(true)
      expect(await users.delete(second)).toBe(true)
      await expect(users.delete('a', { version: 2 })).rejects.toMatchObject(stale)
    },
  )

  it('takes an ObjectId for an id', async () => {
    class Notes extends DocumentRepository<{ readonly id: ObjectId }, ObjectId> {
      protected readonly collectionName = 'notes'
      protected documentToEntity({ _id }: WithId<Document>) {
        return { id: _id as ObjectId }
      }
      protected entityToDocument({ id }: { readonly id: ObjectId }) {
        return { _id: id }
      }
    }
    const notes = new Notes(createDocumentStore(memory()))
    const { id } = await notes.save({ id: new ObjectId() })
    expect(await notes.delete(id)).toBe(true)
  })

  it('deletes an entity only with its version', async () => {
    const { users } = setUp({ version: true })
    await users.save({ id: 'a', name: 'Ada' })
    await expect(users.delete({ id: 'a', name: 'Ada' })).rejects.toMatchObject({ code: 'LEX_ERR_USE_001' })
    expect(await users.delete('a')).toBe(true)
  })

  it('knows no version without the optimistic lock', async () => {
    const { users } = setUp()
    await expect(users.delete('a', { version: 1 })).rejects.toMatchObject({ code: 'LEX_ERR_USE_001' })
  })

  it('raises the version by a mark of deletion or its removal', async () => {
    const { users, raw } = setUp({ version: true, softDelete: true })
    const first = await users.save({ id: 'a', name: 'Ada' })
    await users.delete(first)
    expect(await raw.findOne({ _id: 'a' })).toMatchObject({ version: 2, _deleted: true })
    await users.restore('a')
    expect(await users.find('a')).toMatchObject({ version: 3 })
    await expect(users.save(first)).rejects.toMatchObject({ code: 'LEX_ERR_DB_015' })
  })
})

describe('aggregate', () => {
  it('sees what the repository sees', async () => {
    const store = createDocumentStore(memory({ aggregation: aggregation() }))
    const options = { softDelete: true, tenant: { id: 't1' } }
    const users = new UserRepository(store, options)
    await users.saveMany([1, 2, 3].map((age) => ({ id: `u${age}`, name: 'x', age })))
    await users.delete('u3')
    await store.collection('users').insertOne({ age: 100, tenantId: 't2' })
    const total = [{ $group: { _id: null, total: { $sum: '$age' } } }]
    expect(await users.aggregate(total).toArray()).toEqual([{ _id: null, total: 3 }])
    expect(await users.aggregate(total, { includeDeleted: true }).toArray()).toEqual([{ _id: null, total: 6 }])
    const others = users.aggregate([{ $lookup: { from: 'secrets', pipeline: [], as: 'all' } }])
    await expect(others.toArray()).rejects.toMatchObject({ code: 'LEX_ERR_USE_001' })
    const nobody = new UserRepository(store, { tenant: { id: () => undefined } })
    await expect(nobody.aggregate(total).next()).rejects.toMatchObject({ code: 'LEX_ERR_USE_001' })
  })
})

describe('a unique index among the living', () => {
  it('refuses to restore one whose name is taken meanwhile', async () => {
    const { users, raw } = setUp({ softDelete: true })
    await raw.createIndex('name', { unique: true, partialFilterExpression: { _deleted: null } })
    await users.save({ id: 'a', name: 'Ada' })
    await expect(users.save({ id: 'b', name: 'Ada' })).rejects.toMatchObject({ code: 'LEX_ERR_DB_005' })
    await users.delete('a')
    expect(await users.save({ id: 'b', name: 'Ada' })).toEqual({ id: 'b', name: 'Ada' })
    await expect(users.restore('a')).rejects.toMatchObject({ code: 'LEX_ERR_DB_005' })
    expect(await users.exists('a')).toBe(false)
  })
})
