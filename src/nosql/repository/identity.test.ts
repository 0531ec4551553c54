import { describe, expect, it } from 'vitest'
import { isLexigramError } from '../../core/errors.ts'
import { memory } from '../drivers/memory/memory-driver.ts'
import type { Document } from '../query/value.ts'
import { createDocumentStore } from '../store/document-store.ts'
import type { RepositoryOptions } from './options.ts'
import { DocumentRepository } from './repository.ts'

interface Account {
  readonly id?: unknown
  readonly [field: string]: unknown
}

/** As programs write it that hand a request's body on. */
class Accounts extends DocumentRepository<Account> {
  protected readonly collectionName = 'accounts'

  protected documentToEntity({ _id, ...account }: Document): Account {
    return { id: _id, ...account }
  }

  protected entityToDocument({ id, ...account }: Account) {
    return { _id: id, ...account }
  }
}

const before = [
  { _id: 'a', password: 'one', version: 1, role: { admin: false } },
  { _id: 'b', password: 'two', version: 1, _deleted: true },
]

async function setUp(options: RepositoryOptions = {}) {
  const store = createDocumentStore(memory({ ids: 'any' }))
  const raw = store.collection('accounts')
  await raw.insertMany(before)
  return { raw, accounts: new Accounts(store, options) }
}

/** What a client can put in the place of an id or a version. */
const operators: readonly (readonly [name: string, value: unknown])[] = [
  ['an operator', { $ne: null }],
  ['an operator of texts', { $regex: '.' }],
  ['an empty object', {}],
  ['an object', { a: 1 }],
  ['a list', ['a', 'b']],
  ['an empty list', []],
  ['a pattern', /./],
  ['a function', () => 'a'],
  ['a Map', new Map([['$ne', null]])],
  ['a date', new Date(0)],
  ['a boolean', true],
  ['NaN', Number.NaN],
  ['null', null],
]

type Attack = (accounts: Accounts, value: never) => Promise<unknown>
const byId: Readonly<Record<string, Attack>> = {
  find: (accounts, id) => accounts.find(id),
  get: (accounts, id) => accounts.get(id),
  exists: (accounts, id) => accounts.exists(id),
  restore: (accounts, id) => accounts.restore(id),
  delete: (accounts, id) => accounts.delete(id),
  'delete, hard': (accounts, id) => accounts.delete(id, { hard: true }),
  deleteMany: (accounts, id) => accounts.deleteMany([id]),
  'deleteMany, hard': (accounts, id) => accounts.deleteMany([id], { hard: true }),
  save: (accounts, id) => accounts.save({ id, password: 'evil', version: 1 }),
  saveMany: (accounts, id) => accounts.saveMany([{ id, password: 'evil', version: 1 }]),
  'delete of an entity': (accounts, id) => accounts.delete({ id, version: 1 }),
}
const byVersion: Readonly<Record<string, Attack>> = {
  save: (accounts, version) => accounts.save({ id: 'a', password: 'evil', version }),
  saveMany: (accounts, version) => accounts.saveMany([{ id: 'a', password: 'evil', version }]),
  delete: (accounts, version) => accounts.delete('a', { version }),
  'delete of an entity': (accounts, version) => accounts.delete({ id: 'a', version }),
}

const cases = (attacks: Readonly<Record<string, Attack>>) =>
  Object.entries(attacks).flatMap(([path, attack]) => operators.map(([name, value]) => ({ path, name, value, attack })))

describe('the id of an entity', () => {
  for (const options of [{}, { softDelete: true }, { softDelete: true, version: true }]) {
    it.each(cases(byId))(`is a scalar: ${JSON.stringify(options)} $path refuses $name`, async ({ attack, value }) => {
      const { raw, accounts } = await setUp(options)
      const error: unknown = await attack(accounts, value as never).catch((thrown: unknown) => thrown)
      expect(isLexigramError(error) && error.status).not.toBe(false)
      expect(await raw.find({}, { sort: '_id' }).toArray()).toEqual(before)
    })
  }

  it('is refused by its type without its value', async () => {
    const { accounts } = await setUp()
    const error = await accounts.find({ $gt: 'secret' } as never).catch((thrown: unknown) => thrown as Error)
    expect(error).toMatchObject({ code: 'LEX_ERR_NOSQL_005', status: 422, reason: 'InvalidIdField', path: '_id' })
    expect(error).toMatchObject({
      message: 'an _id must be text, a finite number, a bigint, an ObjectId or a UUID, not an object',
    })
  })

  it('is compared as it is, also when it looks like an operator or a pattern', async () => {
    const { raw, accounts } = await setUp()
    await raw.insertMany([{ _id: '$ne' }, { _id: '.*' }])
    expect(await accounts.deleteMany(['$ne', '.*', '^a'])).toBe(2)
    expect(await raw.countDocuments()).toBe(2)
  })

  it('is missing where a list of ids has a hole', async () => {
    const { accounts } = await setUp()
    const holed: string[] = []
    holed[1] = 'a'
    await expect(accounts.deleteMany(holed)).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_005', path: '_id' })
  })
})

describe('the version of an entity', () => {
  it.each(cases(byVersion))('is a number: $path refuses $name', async ({ attack, value }) => {
    const { raw, accounts } = await setUp({ version: true })
    await expect(attack(accounts, value as never)).rejects.toMatchObject({ code: expect.stringMatching(/^LEX_ERR/) })
    expect(await raw.find({}, { sort: '_id' }).toArray()).toEqual(before)
  })

  it('is not text', async () => {
    const { accounts } = await setUp({ version: true })
    const saving = accounts.save({ id: 'a', version: '1' })
    await expect(saving).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_005', path: 'version' })
  })
})

describe('a field of an entity', () => {
  const names = ['role.admin', '$set', 'a.$where', '', '__proto__', 'a\0b', '$where']

  it.each(names)('is never a path or an operator: a new entity with %j is refused', async (name) => {
    const { raw, accounts } = await setUp()
    const entity = Object.defineProperty({ id: 'new' }, name, { value: true, enumerable: true })
    await expect(accounts.save(entity)).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_005' })
    expect(await raw.find({}, { sort: '_id' }).toArray()).toEqual(before)
  })

  it.each(names)('is never a path or an operator: a changed entity with %j is refused', async (name) => {
    const { raw, accounts } = await setUp()
    const entity = Object.defineProperty({ id: 'a' }, name, { value: true, enumerable: true })
    await expect(accounts.save(entity)).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_005' })
    await expect(accounts.saveMany([entity])).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_005' })
    expect(await raw.find({}, { sort: '_id' }).toArray()).toEqual(before)
  })

  it('cannot be removed by a name that is a path', async () => {
    const { raw, accounts } = await setUp()
    await expect(accounts.save({ id: 'a', 'role.admin': undefined })).rejects.toMatchObject({ path: 'role.admin' })
    expect(await raw.findOne({ _id: 'a' })).toEqual(before[0])
  })
})

describe('the tenant of a call', () => {
  it.each([[{ $ne: null }], [['t1']], [/./], [() => 't1'], [true], [Number.NaN], [new Date(0)]])(
    'is a scalar: %s is refused',
    async (id) => {
      const { raw, accounts } = await setUp({ tenant: { id: () => id as never } })
      for (const work of [accounts.list(), accounts.save({ id: 'a' }), accounts.delete('a'), accounts.count()])
        await expect(work).rejects.toMatchObject({ code: 'LEX_ERR_USE_001' })
      expect(await raw.find({}, { sort: '_id' }).toArray()).toEqual(before)
    },
  )
})
