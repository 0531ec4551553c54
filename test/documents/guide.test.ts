import { createApplication, defineConfig, factory, named, provider, token } from 'lexigram-edge'
import {
  AddField,
  AggregationOp,
  AggregationPipeline,
  and,
  CreateIndex,
  DocumentRepository,
  DocumentStore,
  fieldEq,
  fromUserInput,
  MigrationManager,
  NoSqlConfig,
  noSqlProvider,
  searchOperators,
  type Document,
} from 'lexigram-edge/nosql'
import { aggregation } from 'lexigram-edge/nosql/aggregation'
import { memory } from 'lexigram-edge/nosql/memory'
import { describe, expect, it } from 'vitest'

type User = Readonly<Record<string, unknown>>

/** The guide's repository of plain documents. */
class UserRepository extends DocumentRepository<User> {
  static readonly inject = [DocumentStore] as const
  protected readonly collectionName = 'users'

  constructor(store: DocumentStore) {
    super(store, { softDelete: true })
  }

  protected documentToEntity(document: Document): User {
    return document
  }

  protected entityToDocument(entity: User): User {
    return entity
  }
}

class UserService {
  static readonly inject = [UserRepository] as const
  readonly #users: UserRepository

  constructor(users: UserRepository) {
    this.#users = users
  }

  createUser(name: string, email: string): Promise<User> {
    return this.#users.save({ name, email })
  }

  async findByEmail(email: string): Promise<User | null> {
    const [user] = await this.#users.findByFilter({ email })
    return user ?? null
  }

  deleteUser(id: string): Promise<boolean> {
    return this.#users.delete(id)
  }

  findActiveAdmins(): Promise<User[]> {
    const active = fieldEq('status', 'active')
    const admin = fieldEq('role', 'admin')
    return this.#users.findBySpec(and(active, admin))
  }
}

interface Dashboard {
  readonly primary: DocumentStore
  readonly analytics: DocumentStore
}
const Dashboard = token<Dashboard>('Dashboard')

const app = createApplication({
  name: 'guide',
  config: defineConfig({ nosql: NoSqlConfig }),
  providers: [
    noSqlProvider({ drivers: [memory({ aggregation: aggregation() })] }),
    provider('users', {
      register(container) {
        container.scoped(UserRepository, UserRepository)
        container.scoped(UserService, UserService)
        container.scoped(
          Dashboard,
          factory([DocumentStore, named(DocumentStore, 'analytics')], (primary, analytics) => ({ primary, analytics })),
        )
      },
    }),
  ],
})

const env = () => ({
  LEX_NOSQL__BACKENDS__0__NAME: 'primary',
  LEX_NOSQL__BACKENDS__0__PRIMARY: 'true',
  LEX_NOSQL__BACKENDS__1__NAME: 'analytics',
})

describe('the guide to documents', () => {
  it('saves, finds and deletes users through a service', async () => {
    await using running = await app.boot(env())
    await using scope = running.container.scope()
    const service = await scope.resolve(UserService)
    const user = await service.createUser('Ada', 'ada@example.com')
    expect(await service.findByEmail('ada@example.com')).toEqual(user)
    expect(await service.deleteUser(String(user['_id']))).toBe(true)
    expect(await service.findByEmail('ada@example.com')).toBeNull()
    const raw = await scope.get(DocumentStore).collection('users').findOne({ email: 'ada@example.com' })
    expect(raw).toMatchObject({ _deleted: true })
  })

  it('finds by a combined specification', async () => {
    await using running = await app.boot(env())
    await using scope = running.container.scope()
    const users = await scope.resolve(UserRepository)
    await users.saveMany([
      { name: 'Bo', status: 'active', role: 'admin' },
      { name: 'Cy', status: 'active', role: 'user' },
      { name: 'Di', status: 'inactive', role: 'admin' },
    ])
    expect(await (await scope.resolve(UserService)).findActiveAdmins()).toMatchObject([{ name: 'Bo' }])
  })

  it('aggregates with a pipeline', async () => {
    await using running = await app.boot(env())
    await using store = await running.container.resolve(DocumentStore)
    const results = store.collection('results')
    await results.insertMany([
      { status: 'active', dept: 'it', score: 10 },
      { status: 'active', dept: 'it', score: 20 },
      { status: 'active', dept: 'hr', score: 5 },
      { status: 'gone', dept: 'hr', score: 99 },
    ])
    const each = new AggregationPipeline()
      .match({ status: 'active' })
      .group('_id', { total: AggregationOp.SUM(1) })
      .sort([['total', -1]])
    expect(await results.aggregate(each.build()).toArray()).toMatchObject([{ total: 1 }, { total: 1 }, { total: 1 }])
    const byDept = new AggregationPipeline()
      .match({ status: 'active' })
      .group('dept', { count: { $sum: 1 }, avg_score: { $avg: '$score' }, best: AggregationOp.MAX('$score') })
      .sort([['count', -1]])
    const rows: unknown[] = []
    for await (const row of results.aggregate(byDept.build())) rows.push(row)
    expect(rows).toEqual([
      { _id: 'it', count: 2, avg_score: 15, best: 20 },
      { _id: 'hr', count: 1, avg_score: 5, best: 5 },
    ])
  })

  it('keeps named stores apart and injects them by name', async () => {
    await using running = await app.boot(env())
    await using scope = running.container.scope()
    const { primary, analytics } = await scope.resolve(Dashboard)
    await analytics.collection('visits').insertOne({ page: '/' })
    expect(await primary.collection('visits').countDocuments()).toBe(0)
    expect([primary.name, analytics.name]).toEqual(['primary', 'analytics'])
  })

  it('applies migrations', async () => {
    await using running = await app.boot(env())
    await using store = await running.container.resolve(named(DocumentStore, 'analytics'))
    await store.collection('accounts').insertOne({ _id: 1, email: 'ada@example.com' })
    const manager = new MigrationManager({ store, dbName: 'myapp' })
    manager.add(new CreateIndex('accounts', [['email', 1]], { unique: true }))
    manager.add(new AddField('accounts', 'avatarUrl', { default: '' }))
    await manager.apply()
    expect(await store.collection('accounts').findOne({ _id: 1 })).toMatchObject({ avatarUrl: '' })
    await expect(store.collection('accounts').insertOne({ email: 'ada@example.com' })).rejects.toMatchObject({
      code: 'LEX_ERR_DB_005',
    })
  })

  it('runs filters from outside as what they are allowed to be', async () => {
    await using running = await app.boot(env())
    await using store = await running.container.resolve(DocumentStore)
    const logins = store.collection('logins')
    await logins.insertOne({ user: 'ada', password: 'hash', age: 36 })
    const attack = JSON.parse('{"user":"ada","password":{"$ne":""}}')
    expect(await logins.findOne(attack)).not.toBeNull()
    expect(await logins.findOne(fromUserInput(attack))).toBeNull()
    const search = fromUserInput({ age: { $gte: 18 } }, { operators: searchOperators, fields: ['age'] })
    expect(await logins.countDocuments(search)).toBe(1)
    const list = fromUserInput({ $or: [{ user: 'ada' }, { user: { x: [1] } }] }, { operators: searchOperators })
    expect(await logins.countDocuments(list)).toBe(1)
  })
})
